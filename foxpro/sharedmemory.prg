* SPDX-License-Identifier: Apache-2.0
* Shared memory for Visual FoxPro: a named area of bytes that several programs read and write at
* offsets, each time under its lock. mapferry.dll (32 bits) stands beside the program or in the
* path. The manual is docs/foxpro.md.
*
*     SET PROCEDURE TO sharedmemory ADDITIVE
*     oArea = CREATEOBJECT("SharedMemory", "stock", 1024)
*     IF NOT oArea.WriteToSharedMemory(16, "hello")
*         ? oArea.cMessage
*     ENDIF
*     ? oArea.ReadFromSharedMemory(16, 5)
*
DEFINE CLASS SharedMemory AS Custom
    nBuffer = 0          && the handle of the library; 0: not open
    nTimeoutMs = 5000    && how long a call waits for the lock
    nCode = 0            && 0: the last call succeeded; otherwise a code of docs/c.md
    cMessage = ""        && why the last call failed
    lAlreadyExists = .F. && another program had made the area before
    lPreviousHolderDied = .F. && set by the last call: a program died with the lock before it, and
                              && its changes may be half

    * Opens the area, or makes it, full of zeros. tcName: 1 to 64 letters, digits and . _ - of
    * ASCII. tnSize: its bytes; an existing area must have this size. 0: opens an existing area, of
    * any size. CREATEOBJECT() gives .F. if that fails.
    PROCEDURE Init(tcName, tnSize)
        LOCAL lnBuffer, lcOptions
        THIS.DeclareCalls()
        lcOptions = ""
        IF tnSize > 0
            lcOptions = "size_bytes=" + LTRIM(STR(tnSize, 10))
        ENDIF
        lnBuffer = 0
        IF NOT THIS.Succeeds(mapferry_buffer_open(tcName, lcOptions, 0, @lnBuffer))
            RETURN .F.
        ENDIF
        THIS.nBuffer = lnBuffer
        THIS.lAlreadyExists = (mapferry_buffer_value(lnBuffer, 1) = 1)
    ENDPROC

    * The area itself stays on for the other programs; it ends with the last one.
    PROCEDURE Destroy
        IF THIS.nBuffer <> 0
            mapferry_buffer_close(THIS.nBuffer)
            THIS.nBuffer = 0
        ENDIF
    ENDPROC

    * Returns tnLength bytes from tnOffset on, fewer at the end of the area, or .NULL. after a
    * failure.
    FUNCTION ReadFromSharedMemory(tnOffset, tnLength)
        LOCAL lcBytes, lnDone, llRead
        IF NOT THIS.Lock()
            RETURN .NULL.
        ENDIF
        lnDone = 0
        lcBytes = REPLICATE(CHR(0), MAX(tnLength, 1)) && the library fills this memory
        llRead = THIS.Succeeds(mapferry_buffer_read(THIS.nBuffer, tnOffset, @lcBytes, tnLength, ;
            @lnDone))
        mapferry_buffer_unlock(THIS.nBuffer)
        IF NOT llRead
            RETURN .NULL.
        ENDIF
        RETURN LEFT(lcBytes, lnDone)
    ENDFUNC

    * Stores all bytes of tcBytes from tnOffset on, and returns .T.; or stores none: they do not
    * fit, or the lock was not free in time.
    FUNCTION WriteToSharedMemory(tnOffset, tcBytes)
        LOCAL lnDone, llWritten
        IF tnOffset < 0 OR tnOffset + LEN(tcBytes) > THIS.Size()
            THIS.nCode = 1
            THIS.cMessage = "the bytes do not fit into the area"
            RETURN .F.
        ENDIF
        IF NOT THIS.Lock()
            RETURN .F.
        ENDIF
        lnDone = 0
        llWritten = THIS.Succeeds(mapferry_buffer_write(THIS.nBuffer, tnOffset, tcBytes, ;
            LEN(tcBytes), @lnDone))
        mapferry_buffer_unlock(THIS.nBuffer)
        RETURN llWritten
    ENDFUNC

    FUNCTION Size
        RETURN mapferry_buffer_value(THIS.nBuffer, 0)
    ENDFUNC

    PROTECTED FUNCTION Lock
        IF NOT THIS.Succeeds(mapferry_buffer_lock(THIS.nBuffer, THIS.nTimeoutMs))
            RETURN .F.
        ENDIF
        THIS.lPreviousHolderDied = (mapferry_buffer_value(THIS.nBuffer, 4) = 1)
        RETURN .T.
    ENDFUNC

    PROTECTED FUNCTION Succeeds(tnCode)
        THIS.nCode = tnCode
        THIS.cMessage = IIF(tnCode > 0, mapferry_error_message(), "")
        RETURN tnCode = 0
    ENDFUNC

    * FoxPro passes INTEGER for a handle, an offset and a size, all of 32 bits, and takes the lower
    * half of a value of 64 bits.
    PROTECTED PROCEDURE DeclareCalls
        DECLARE INTEGER mapferry_buffer_open IN mapferry.dll STRING, STRING, INTEGER, INTEGER @
        DECLARE INTEGER mapferry_buffer_value IN mapferry.dll INTEGER, INTEGER
        DECLARE INTEGER mapferry_buffer_lock IN mapferry.dll INTEGER, INTEGER
        DECLARE INTEGER mapferry_buffer_unlock IN mapferry.dll INTEGER
        DECLARE INTEGER mapferry_buffer_read IN mapferry.dll INTEGER, INTEGER, STRING @, ;
            INTEGER, INTEGER @
        DECLARE INTEGER mapferry_buffer_write IN mapferry.dll INTEGER, INTEGER, STRING, ;
            INTEGER, INTEGER @
        DECLARE mapferry_buffer_close IN mapferry.dll INTEGER
        DECLARE STRING mapferry_error_message IN mapferry.dll
    ENDPROC
ENDDEFINE
