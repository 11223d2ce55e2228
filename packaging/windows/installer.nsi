; SPDX-License-Identifier: Apache-2.0
; The installer for Windows, for makensis. VERSION, BITS (64, 32), FOLDER (what is installed),
; REMOVALS (a file with the commands that remove it) and OUT are defined by build_windows.sh.
; `/S` installs and uninstalls without questions, and `/D=C:\folder` names the folder.
; The installer does not change PATH: a shortcut in the start menu opens a prompt that has the
; programs. An uninstaller can't take a part of PATH back safely, because NSIS cuts long values.
Unicode true
!if ${BITS} == 64
    Target amd64-unicode
    InstallDir "$PROGRAMFILES64\mapferry"
!else
    Target x86-unicode
    InstallDir "$PROGRAMFILES32\mapferry"
!endif
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\mapferry${BITS}"
!define SHORTCUT "$SMPROGRAMS\mapferry ${BITS} bit.lnk"

Name "mapferry ${VERSION}"
OutFile "${OUT}"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
LicenseData "${FOLDER}/LICENSE.txt"
Page license
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Function .onInit
    SetShellVarContext all
    SetRegView ${BITS}
FunctionEnd

Function un.onInit
    SetShellVarContext all
    SetRegView ${BITS}
FunctionEnd

Section
    SetOutPath "$INSTDIR"
    File /r "${FOLDER}/*"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "${SHORTCUT}" "$SYSDIR\cmd.exe" '/k "set PATH=$INSTDIR\bin;%PATH%"'
    WriteRegStr HKLM "${KEY}" "DisplayName" "mapferry ${VERSION} (${BITS} bit)"
    WriteRegStr HKLM "${KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKLM "${KEY}" "Publisher" "mapferry"
    WriteRegStr HKLM "${KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKLM "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKLM "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKLM "${KEY}" "NoModify" 1
    WriteRegDWORD HKLM "${KEY}" "NoRepair" 1
SectionEnd

Section Uninstall
    !include "${REMOVALS}"
    Delete "${SHORTCUT}"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    DeleteRegKey HKLM "${KEY}"
SectionEnd
