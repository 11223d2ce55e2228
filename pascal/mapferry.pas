// SPDX-License-Identifier: Apache-2.0
// Shared memory for Delphi and Free Pascal: TShareMemStream, as the class of this name is used, and
// TMapferryFrames, which reads frames in place. Sending and receiving with an event or a window
// message is in mapferrypayloads.pas. The manual is docs/pascal.md; mapferryapi.pas has all calls.
//
// A failure raises EMapferry. An object belongs to one thread at a time. A section's name is
// 'NAME', 'file:PATH' or 'global:NAME'. Strings are Unicode in Delphi; in Free Pascal an
// AnsiString is passed on as it is, and should be UTF-8.
unit mapferry;

{$IFDEF FPC}{$MODE DELPHI}{$H+}{$ENDIF}

interface

uses
  SysUtils, Classes, mapferryapi;

const
  // What Access of TShareMemStream says; the values are those of FILE_MAP_READ and
  // FILE_MAP_ALL_ACCESS.
  ShareMemRead = $0004;
  ShareMemAllAccess = $F001F;
  // A time limit in ms that waits as long as it takes; the value is that of INFINITE.
  MapferryInfinite = $FFFFFFFF;

type
  EMapferry = class(Exception)
  private
    FCode: Integer;
    FHint: string;
  public
    constructor CreateLast(ACode: Integer); // of the call of this thread that failed last
    property Code: Integer read FCode;      // of MAPFERRY_USAGE, MAPFERRY_NOT_FOUND, ...
    property Hint: string read FHint;       // the way out, or ''
  end;

  // A named area of bytes that processes read and write, under a lock if they want. Memory is nil
  // without the lock. Read and Write also work without it; old and new bytes may then be mixed.
  TShareMemStream = class(TCustomMemoryStream)
  private
    FBuffer: Pmapferry_buffer;
    FAlreadyExists: Boolean;
    FPreviousHolderDied: Boolean;
    FHasLock: Boolean;
    procedure SetMemory;
  public
    // Access with ShareMemRead alone opens an existing area for reading. Size: of a new area,
    // which is full of zeros; an existing one must have this size. 0: opens an existing area, of
    // any size.
    constructor Create(const AName: string; AAccess: Cardinal = ShareMemAllAccess;
      ASize: Int64 = 16 * 1024 * 1024);
    destructor Destroy; override;
    // Waits for the lock, and sets Memory. False: it was not free in time. True also if this
    // object has it; one ReleaseLock is enough.
    function GetLock(ATimeoutMs: Cardinal = MapferryInfinite): Boolean;
    procedure ReleaseLock;
    function Read(var ABuffer; ACount: LongInt): LongInt; overload; override;
{$IFNDEF FPC}{$IF CompilerVersion >= 24}
    function Read(ABuffer: TBytes; AOffset, ACount: LongInt): LongInt; overload; override;
{$IFEND}{$ENDIF}
    // All of the bytes or, if they do not fit, none: 0.
    function Write(const ABuffer; ACount: LongInt): LongInt; override;
    property AlreadyExists: Boolean read FAlreadyExists;
    property HasLock: Boolean read FHasLock;
    // True while the lock is held, if the holder before died with it: its changes may be half.
    property PreviousHolderDied: Boolean read FPreviousHolderDied;
  end;

  // Reads frames in place. Data is valid until the next Next, Latest or Release.
  TMapferryFrames = class
  private
    FReader: Pmapferry_frame_reader;
    FFrame: Pmapferry_frame;
    function Got(ACode: Integer): Boolean;
  public
    constructor Create(const ASection: string; const AOptions: string = '');
    destructor Destroy; override;
    // The oldest frame after the last one, and the newest one. False: the writer has ended
    // (HasEnded), or nothing is new and ATimeoutMs is 0. Another limit that passes raises
    // EMapferry with MAPFERRY_TIMED_OUT.
    function Next(ATimeoutMs: Cardinal = MapferryInfinite): Boolean;
    function Latest(ATimeoutMs: Cardinal = MapferryInfinite): Boolean;
    procedure Release; // gives the frame back to its writer
    function HasEnded: Boolean;
    function Data: Pointer; // read-only: a write to it ends the program
    function Size: NativeUInt;
    function Value(AKey: Integer): Int64; // of MAPFERRY_FRAME_..., MAPFERRY_IMAGE_..., ...
    function Width: Integer;
    function Height: Integer;
    function RowStrideBytes: Int64;
    function Format: string; // 'BGR24', ...
    function Sequence: Int64;
    function Missed: Int64;
    procedure SaveToFile(const APath: string; const AOptions: string = '');
  end;

// Raises EMapferry for a code above 0, and returns the code.
function MapferryCheck(ACode: Integer): Integer;
// For calls of mapferryapi: a text as UTF-8, and the other way round.
function ToUtf8(const AText: string): RawByteString;
function FromUtf8(AText: PAnsiChar): string;
// A limit for them: those of more than 24 days wait for ever.
function MapferryMs(ATimeoutMs: Cardinal): Integer;

implementation

function ToUtf8(const AText: string): RawByteString;
begin
{$IFDEF UNICODE}
  Result := UTF8Encode(AText);
{$ELSE}
  Result := AText;
{$ENDIF}
end;

function FromUtf8(AText: PAnsiChar): string;
begin
{$IFDEF UNICODE}
  Result := UTF8ToString(AText);
{$ELSE}
  Result := AText;
{$ENDIF}
end;

function MapferryCheck(ACode: Integer): Integer;
begin
  if ACode > 0 then
    raise EMapferry.CreateLast(ACode);
  Result := ACode;
end;

function MapferryMs(ATimeoutMs: Cardinal): Integer;
begin
  if ATimeoutMs > Cardinal(High(Integer)) then
    Result := MAPFERRY_FOREVER
  else
    Result := Integer(ATimeoutMs);
end;

{ EMapferry }

constructor EMapferry.CreateLast(ACode: Integer);
begin
  inherited Create(FromUtf8(mapferry_error_message));
  FCode := ACode;
  FHint := FromUtf8(mapferry_error_hint);
end;

{ TShareMemStream }

constructor TShareMemStream.Create(const AName: string; AAccess: Cardinal; ASize: Int64);
const
  WriteBit = $0002; // FILE_MAP_WRITE
var
  Options: string;
begin
  inherited Create;
  Options := '';
  if ASize > 0 then
    Options := 'size_bytes=' + IntToStr(ASize);
  if AAccess and WriteBit = 0 then
    Options := Options + ' mode=open access=read_only';
  MapferryCheck(mapferry_buffer_open(PAnsiChar(ToUtf8(AName)), PAnsiChar(ToUtf8(Options)), nil,
    @FBuffer));
  FAlreadyExists := mapferry_buffer_value(FBuffer, MAPFERRY_BUFFER_ALREADY_EXISTED) = 1;
  SetMemory;
end;

destructor TShareMemStream.Destroy;
begin
  mapferry_buffer_close(FBuffer);
  FBuffer := nil;
  SetPointer(nil, 0);
  inherited Destroy;
end;

procedure TShareMemStream.SetMemory;
begin
  SetPointer(mapferry_buffer_data(FBuffer),
    NativeInt(mapferry_buffer_value(FBuffer, MAPFERRY_BUFFER_SIZE)));
end;

function TShareMemStream.GetLock(ATimeoutMs: Cardinal): Boolean;
var
  Code: Integer;
begin
  if not FHasLock then
  begin
    Code := mapferry_buffer_lock(FBuffer, MapferryMs(ATimeoutMs));
    if Code <> MAPFERRY_TIMED_OUT then
      MapferryCheck(Code);
    FHasLock := Code = MAPFERRY_OK;
    FPreviousHolderDied := FHasLock and
      (mapferry_buffer_value(FBuffer, MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED) = 1);
    SetMemory;
  end;
  Result := FHasLock;
end;

procedure TShareMemStream.ReleaseLock;
begin
  if not FHasLock then
    Exit;
  FHasLock := False;
  FPreviousHolderDied := False;
  SetPointer(nil, NativeInt(Size));
  MapferryCheck(mapferry_buffer_unlock(FBuffer));
end;

function TShareMemStream.Read(var ABuffer; ACount: LongInt): LongInt;
var
  Start: Int64;
  Done: NativeUInt;
begin
  Result := 0;
  Start := Position;
  if (ACount <= 0) or (Start < 0) or (Start >= Size) then
    Exit;
  MapferryCheck(mapferry_buffer_read(FBuffer, NativeUInt(Start), @ABuffer, NativeUInt(ACount),
    @Done));
  Position := Start + Int64(Done);
  Result := LongInt(Done);
end;

{$IFNDEF FPC}{$IF CompilerVersion >= 24}
// The inherited one reads from Memory.
function TShareMemStream.Read(ABuffer: TBytes; AOffset, ACount: LongInt): LongInt;
begin
  if (AOffset < 0) or (ACount <= 0) or (AOffset > Length(ABuffer) - ACount) then
    Result := 0
  else
    Result := Read(ABuffer[AOffset], ACount);
end;
{$IFEND}{$ENDIF}

function TShareMemStream.Write(const ABuffer; ACount: LongInt): LongInt;
var
  Start: Int64;
  Done: NativeUInt;
begin
  Result := 0;
  Start := Position;
  if (ACount <= 0) or (Start < 0) or (Start > Size - ACount) then
    Exit;
  MapferryCheck(mapferry_buffer_write(FBuffer, NativeUInt(Start), @ABuffer, NativeUInt(ACount),
    @Done));
  Position := Start + Int64(Done);
  Result := LongInt(Done);
end;

{ TMapferryFrames }

constructor TMapferryFrames.Create(const ASection, AOptions: string);
begin
  inherited Create;
  MapferryCheck(mapferry_frame_reader_open(PAnsiChar(ToUtf8(ASection)),
    PAnsiChar(ToUtf8(AOptions)), nil, @FReader));
end;

destructor TMapferryFrames.Destroy;
begin
  Release;
  mapferry_frame_reader_close(FReader);
  inherited Destroy;
end;

procedure TMapferryFrames.Release;
begin
  mapferry_frame_release(FFrame);
  FFrame := nil;
end;

function TMapferryFrames.Got(ACode: Integer): Boolean;
begin
  Result := MapferryCheck(ACode) = MAPFERRY_OK;
end;

function TMapferryFrames.Next(ATimeoutMs: Cardinal): Boolean;
begin
  Release;
  Result := Got(mapferry_frame_reader_next(FReader, MapferryMs(ATimeoutMs), @FFrame));
end;

function TMapferryFrames.Latest(ATimeoutMs: Cardinal): Boolean;
begin
  Release;
  Result := Got(mapferry_frame_reader_latest(FReader, MapferryMs(ATimeoutMs), @FFrame));
end;

function TMapferryFrames.HasEnded: Boolean;
begin
  Result := mapferry_frame_reader_value(FReader, MAPFERRY_FRAME_READER_HAS_ENDED) = 1;
end;

function TMapferryFrames.Data: Pointer;
begin
  Result := mapferry_frame_data(FFrame);
end;

function TMapferryFrames.Size: NativeUInt;
begin
  Result := mapferry_frame_size(FFrame);
end;

function TMapferryFrames.Value(AKey: Integer): Int64;
begin
  Result := mapferry_frame_value(FFrame, AKey);
end;

function TMapferryFrames.Width: Integer;
begin
  Result := Integer(Value(MAPFERRY_IMAGE_WIDTH));
end;

function TMapferryFrames.Height: Integer;
begin
  Result := Integer(Value(MAPFERRY_IMAGE_HEIGHT));
end;

function TMapferryFrames.RowStrideBytes: Int64;
begin
  Result := Value(MAPFERRY_IMAGE_ROW_STRIDE_BYTES);
end;

function TMapferryFrames.Format: string;
begin
  Result := FromUtf8(mapferry_frame_format(FFrame));
end;

function TMapferryFrames.Sequence: Int64;
begin
  Result := Value(MAPFERRY_FRAME_SEQUENCE);
end;

function TMapferryFrames.Missed: Int64;
begin
  Result := Value(MAPFERRY_FRAME_MISSED);
end;

procedure TMapferryFrames.SaveToFile(const APath, AOptions: string);
begin
  MapferryCheck(mapferry_frame_save(FFrame, PAnsiChar(ToUtf8(APath)),
    PAnsiChar(ToUtf8(AOptions))));
end;

end.
