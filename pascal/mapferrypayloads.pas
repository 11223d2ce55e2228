// SPDX-License-Identifier: Apache-2.0
// Payloads for Delphi and Free Pascal: a sender, and a receiver with a thread of its own, which sets
// an event, calls a method or posts a window message. The manual is docs/pascal.md.
unit mapferrypayloads;

{$IFDEF FPC}{$MODE DELPHI}{$H+}{$ENDIF}

interface

uses
{$IFDEF MSWINDOWS}
  Windows,
{$ENDIF}
  SysUtils, Classes, SyncObjs, mapferryapi, mapferry;

type
  // Sends payloads to one reader, which it waits for before the first one.
  TMapferrySender = class
  private
    FWriter: Pmapferry_writer;
    FTimeoutMs: Cardinal;
    FHasReader: Boolean;
  public
    // AOptions: of mapferry_writer_create. ATimeoutMs: how long the first Send waits for a reader.
    constructor Create(const ASection: string; const AOptions: string = '';
      ATimeoutMs: Cardinal = 30000);
    destructor Destroy; override; // without Finish: readers see that the sender gave up
    procedure Send(const AData; ASize: Int64; const AName: string = '');
    procedure SendText(const AText: string);
    procedure Finish; // waits until the reader has stored everything
  end;

  TMapferryPayload = record
    Name: string; // from another process: never use it as a path
    Data: TBytes;
  end;

  // Receives payloads in a thread of its own, and keeps them until Take.
  TMapferryReceiver = class(TThread)
  private
    FSection, FOptions, FFailure: string;
    FStop: Pmapferry_stop;
    FSizeLimit: NativeUInt;
    FQueue: array of TMapferryPayload;
    FGuard: TCriticalSection;
    FNews: TEvent;
    FOnPayload: TNotifyEvent;
    FHasEnded: Boolean;
{$IFDEF MSWINDOWS}
    FWindow: HWND;
    FMessage: Cardinal;
{$ENDIF}
    procedure Add(const APayload: TMapferryPayload);
    procedure ReceiveAll;
  protected
    procedure Execute; override;
  public
    // Does not run before Start. AOptions: of mapferry_reader_open. ASizeLimit: a larger payload
    // is a failure.
    constructor Create(const ASection: string; const AOptions: string = '';
      ASizeLimit: NativeUInt = 256 * 1024 * 1024);
    destructor Destroy; override; // ends the thread, also while it waits
{$IFDEF MSWINDOWS}
    // Posts this message for each payload, and once when the thread has ended. wParam: 1 for a
    // payload, 0 for the end. Call it before Start.
    procedure PostTo(AWindow: HWND; AMessage: Cardinal);
{$ENDIF}
    // The oldest payload that was not taken yet. False: there is none. Any thread.
    function Take(out APayload: TMapferryPayload): Boolean;
    // Set when a payload has come, and when the thread has ended. Take resets it.
    property News: TEvent read FNews;
    // Called in this thread, not in the main one, after each payload.
    property OnPayload: TNotifyEvent read FOnPayload write FOnPayload;
    // Whether there will be no further payload. Set together with News.
    property HasEnded: Boolean read FHasEnded;
    // Why the thread ended: '' if the sender had no more. Valid when HasEnded.
    property Failure: string read FFailure;
  end;

implementation

{ TMapferrySender }

constructor TMapferrySender.Create(const ASection, AOptions: string; ATimeoutMs: Cardinal);
begin
  inherited Create;
  FTimeoutMs := ATimeoutMs;
  MapferryCheck(mapferry_writer_create(PAnsiChar(ToUtf8(ASection)), PAnsiChar(ToUtf8(AOptions)),
    nil, @FWriter));
end;

destructor TMapferrySender.Destroy;
begin
  mapferry_writer_close(FWriter);
  inherited Destroy;
end;

procedure TMapferrySender.Send(const AData; ASize: Int64; const AName: string);
var
  Name: PAnsiChar;
  Utf8Name: RawByteString;
begin
  if not FHasReader then
    MapferryCheck(mapferry_writer_wait_for_readers(FWriter, 1, MapferryMs(FTimeoutMs)));
  FHasReader := True;
  Utf8Name := ToUtf8(AName);
  Name := nil;
  if AName <> '' then
    Name := PAnsiChar(Utf8Name);
  MapferryCheck(mapferry_writer_begin(FWriter, Name, ASize, nil));
  MapferryCheck(mapferry_writer_write(FWriter, @AData, NativeUInt(ASize)));
  MapferryCheck(mapferry_writer_end_payload(FWriter, 0));
end;

procedure TMapferrySender.SendText(const AText: string);
var
  Bytes: RawByteString;
begin
  Bytes := ToUtf8(AText);
  Send(PAnsiChar(Bytes)^, Length(Bytes));
end;

procedure TMapferrySender.Finish;
begin
  MapferryCheck(mapferry_writer_end(FWriter));
end;

{ TMapferryReceiver }

constructor TMapferryReceiver.Create(const ASection, AOptions: string; ASizeLimit: NativeUInt);
begin
  FGuard := TCriticalSection.Create;
  FNews := TEvent.Create(nil, True, False, '');
  FSection := ASection;
  FOptions := AOptions;
  FSizeLimit := ASizeLimit;
  MapferryCheck(mapferry_stop_new(@FStop));
  inherited Create(True);
end;

destructor TMapferryReceiver.Destroy;
begin
  Terminate;
  mapferry_stop_raise(FStop);
  inherited Destroy; // waits for the thread
  mapferry_stop_free(FStop);
  FNews.Free;
  FGuard.Free;
end;

{$IFDEF MSWINDOWS}
procedure TMapferryReceiver.PostTo(AWindow: HWND; AMessage: Cardinal);
begin
  FWindow := AWindow;
  FMessage := AMessage;
end;
{$ENDIF}

procedure TMapferryReceiver.Add(const APayload: TMapferryPayload);
begin
  FGuard.Enter;
  try
    SetLength(FQueue, Length(FQueue) + 1);
    FQueue[High(FQueue)] := APayload;
    FNews.SetEvent;
  finally
    FGuard.Leave;
  end;
{$IFDEF MSWINDOWS}
  if FWindow <> 0 then
    PostMessage(FWindow, FMessage, 1, 0);
{$ENDIF}
  if Assigned(FOnPayload) then
    FOnPayload(Self);
end;

function TMapferryReceiver.Take(out APayload: TMapferryPayload): Boolean;
var
  I: Integer;
begin
  FGuard.Enter;
  try
    Result := Length(FQueue) > 0;
    if Result then
    begin
      APayload := FQueue[0];
      for I := 1 to High(FQueue) do
        FQueue[I - 1] := FQueue[I];
      SetLength(FQueue, Length(FQueue) - 1);
    end;
    if (Length(FQueue) = 0) and not FHasEnded then
      FNews.ResetEvent;
  finally
    FGuard.Leave;
  end;
end;

procedure TMapferryReceiver.ReceiveAll;
var
  Reader: Pmapferry_reader;
  Bytes: Pmapferry_bytes;
  Payload: TMapferryPayload;
begin
  MapferryCheck(mapferry_reader_open(PAnsiChar(ToUtf8(FSection)), PAnsiChar(ToUtf8(FOptions)),
    FStop, @Reader));
  try
    while MapferryCheck(mapferry_reader_next(Reader, MAPFERRY_FOREVER)) = MAPFERRY_OK do
    begin
      Payload.Name := FromUtf8(mapferry_reader_name(Reader));
      MapferryCheck(mapferry_reader_receive_bytes(Reader, FSizeLimit, @Bytes));
      try
        Payload.Data := nil; // the one before belongs to the queue
        SetLength(Payload.Data, mapferry_bytes_size(Bytes));
        if Length(Payload.Data) > 0 then
          Move(mapferry_bytes_data(Bytes)^, Payload.Data[0], Length(Payload.Data));
      finally
        mapferry_bytes_free(Bytes);
      end;
      Add(Payload);
      MapferryCheck(mapferry_reader_acknowledge(Reader));
    end;
    MapferryCheck(mapferry_reader_end(Reader));
  finally
    mapferry_reader_close(Reader);
  end;
end;

procedure TMapferryReceiver.Execute;
begin
  try
    ReceiveAll;
  except
    on Error: Exception do
      if not Terminated then
        FFailure := Error.Message;
  end;
  FGuard.Enter;
  try
    FHasEnded := True;
    FNews.SetEvent;
  finally
    FGuard.Leave;
  end;
{$IFDEF MSWINDOWS}
  if FWindow <> 0 then
    PostMessage(FWindow, FMessage, 0, 0);
{$ENDIF}
end;

end.
