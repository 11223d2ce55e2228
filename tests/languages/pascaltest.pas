// SPDX-License-Identifier: Apache-2.0
// One of two processes that use pascal/: see pascal.sh. Usage: pascaltest WORK SECTION. Ends with 0
// if everything was as it should be.
program pascaltest;

{$MODE DELPHI}{$H+}

uses
{$IFDEF UNIX}
  cthreads,
{$ENDIF}
{$IFDEF MSWINDOWS}
  Windows,
{$ENDIF}
  SysUtils, Classes, SyncObjs, mapferryapi, mapferry, mapferrypayloads;

procedure Expect(AHolds: Boolean; const AWhat: string);
begin
  if not AHolds then
    raise Exception.Create('not so: ' + AWhat);
end;

procedure Say(const ALine: string);
begin
  Write(ALine, #10);
  Flush(Output);
end;

procedure TestStream(const ASection: string);
var
  First, Second, Reader: TShareMemStream;
  Memory: TMemoryStream;
  Number: LongInt;
  Large: array[0..15] of Byte;
  Code: Integer;
begin
  First := TShareMemStream.Create(ASection, ShareMemAllAccess, 16);
  Second := TShareMemStream.Create(ASection, ShareMemAllAccess, 16);
  Reader := TShareMemStream.Create(ASection, ShareMemRead, 0);
  Memory := TMemoryStream.Create;
  try
    Expect(not First.AlreadyExists, 'the first one creates the area');
    Expect(Second.AlreadyExists, 'the second one finds it');
    Expect(Reader.Size = 16, 'the size of an existing area');
    Expect(First.Memory = nil, 'no memory without the lock');
    Expect(First.GetLock(0) and First.GetLock(0), 'the lock');
    Expect(First.Memory <> nil, 'memory under the lock');
    Expect(not Second.GetLock(10), 'the lock excludes others');
    PLongInt(First.Memory)^ := 1234;
    First.Position := 4;
    Number := 5678;
    Expect(First.Write(Number, 4) = 4, 'write');
    FillChar(Large, SizeOf(Large), 7);
    Expect(First.Write(Large, 16) = 0, 'a write across the end stores nothing');
    Expect(First.Position = 8, 'and stays in its place');
    First.SaveToStream(Memory);
    Expect(Memory.Size = 16, 'SaveToStream');
    Expect(PLongInt(Memory.Memory)^ = 1234, 'what SaveToStream saved');
    First.ReleaseLock;
    First.ReleaseLock;
    Expect((First.Memory = nil) and (First.Size = 16), 'after the lock');
    Expect(Second.GetLock(60000), 'the lock comes free');
    Expect(not Second.PreviousHolderDied, 'nobody died');
    Second.ReleaseLock;
    Second.Position := 4;
    Expect((Second.Read(Number, 4) = 4) and (Number = 5678), 'read without the lock');
    Second.Position := 12;
    Expect(Second.Read(Large, 16) = 4, 'read to the end');
    Code := 0;
    try
      Reader.Write(Number, 4);
    except
      on Error: EMapferry do
        Code := Error.Code;
    end;
    Expect(Code = MAPFERRY_PERMISSION, 'no write with ShareMemRead');
    Code := 0;
    try
      TShareMemStream.Create(ASection, ShareMemAllAccess, 17).Free;
    except
      on Error: EMapferry do
      begin
        Code := Error.Code;
        Expect(Error.Message <> '', 'a message');
      end;
    end;
    Expect(Code = MAPFERRY_CANNOT_CREATE, 'another size is told');
  finally
    Memory.Free;
    Reader.Free;
    Second.Free;
    First.Free;
  end;
  mapferry_section_remove(PAnsiChar(ToUtf8(ASection)), nil);
  Say('stream ok');
end;

// Adds one to the number in the area, a thousand times, under its lock.
procedure Count(const ASection: string);
var
  Stream: TShareMemStream;
  I: Integer;
begin
  Stream := TShareMemStream.Create(ASection, ShareMemAllAccess, 4096);
  try
    for I := 1 to 1000 do
    begin
      Expect(Stream.GetLock(60000), 'the lock');
      Inc(PLongInt(Stream.Memory)^);
      Stream.ReleaseLock;
    end;
  finally
    Stream.Free;
  end;
end;

// Keeps the area until a line comes, then prints the number in it, and whether a holder died.
procedure Watch(const ASection: string);
var
  Stream: TShareMemStream;
begin
  Stream := TShareMemStream.Create(ASection, ShareMemAllAccess, 4096);
  try
    Say('ready');
    ReadLn;
    Expect(Stream.GetLock(60000), 'the lock');
    Say(Format('%d %s', [PLongInt(Stream.Memory)^, BoolToStr(Stream.PreviousHolderDied, True)]));
    Stream.ReleaseLock;
  finally
    Stream.Free;
  end;
  mapferry_section_remove(PAnsiChar(ToUtf8(ASection)), nil);
end;

procedure ReadFrames(const ASection: string);
var
  Frames: TMapferryFrames;
begin
  Frames := TMapferryFrames.Create(ASection, 'timeout_ms=60000');
  try
    while Frames.Next(60000) do
      Say(Format('%d %dx%d %s %d %d %d', [Frames.Sequence, Frames.Width, Frames.Height,
        Frames.Format, Frames.RowStrideBytes, Frames.Size, PByte(Frames.Data)^]));
    Expect(Frames.HasEnded, 'the end');
  finally
    Frames.Free;
  end;
end;

procedure SendTexts(const ASection: string);
var
  Sender: TMapferrySender;
  Bytes: array[0..2] of Byte;
begin
  Sender := TMapferrySender.Create(ASection, 'unknown_count=3', 60000);
  try
    Sender.SendText('one');
    Bytes[0] := 1;
    Bytes[1] := 0;
    Bytes[2] := 255;
    Sender.Send(Bytes, 3, 'three.bin');
    Sender.SendText('');
    Sender.Finish;
  finally
    Sender.Free;
  end;
end;

procedure SayPayload(const APayload: TMapferryPayload);
var
  I: Integer;
  Line: string;
begin
  Line := APayload.Name + ':';
  for I := 0 to High(APayload.Data) do
    Line := Line + ' ' + IntToStr(APayload.Data[I]);
  Say(Line);
end;

type
  TCounter = class
    Count: Integer;
    procedure OnPayload(ASender: TObject);
  end;

procedure TCounter.OnPayload(ASender: TObject);
begin
  Inc(Count);
end;

procedure ReceiveByEvent(const ASection: string);
var
  Receiver: TMapferryReceiver;
  Payload: TMapferryPayload;
  Counter: TCounter;
begin
  Counter := TCounter.Create;
  Receiver := TMapferryReceiver.Create(ASection, 'timeout_ms=60000');
  try
    Receiver.OnPayload := Counter.OnPayload;
    Receiver.Start;
    repeat
      Expect(Receiver.News.WaitFor(60000) = wrSignaled, 'news');
      while Receiver.Take(Payload) do
        SayPayload(Payload);
    until Receiver.HasEnded;
    while Receiver.Take(Payload) do
      SayPayload(Payload);
    Receiver.WaitFor;
    Say('end ' + Receiver.Failure + IntToStr(Counter.Count));
  finally
    Receiver.Free;
    Counter.Free;
  end;
end;

// Frees a receiver that waits for a section which never comes.
procedure GiveUp(const ASection: string);
var
  Receiver: TMapferryReceiver;
begin
  Receiver := TMapferryReceiver.Create(ASection, 'timeout_ms=-1');
  Receiver.Start;
  Sleep(100); // time itself: the receiver waits meanwhile, and is then freed
  Receiver.Free;
  Receiver := TMapferryReceiver.Create(ASection, 'timeout_ms=0');
  Receiver.Start;
  Receiver.WaitFor;
  Expect(Receiver.HasEnded and (Receiver.Failure <> ''), 'a failure is told');
  Receiver.Free;
  TMapferryReceiver.Create(ASection).Free; // never started
  Say('given up');
end;

{$IFDEF MSWINDOWS}
procedure ReceiveByMessage(const ASection: string);
var
  Receiver: TMapferryReceiver;
  Payload: TMapferryPayload;
  Window: HWND;
  Message: TMsg;
begin
  Window := CreateWindow('STATIC', '', 0, 0, 0, 0, 0, HWND(-3), 0, HInstance, nil);
  Expect(Window <> 0, 'a window for messages');
  Receiver := TMapferryReceiver.Create(ASection, 'timeout_ms=60000');
  try
    Receiver.PostTo(Window, $0401); // WM_USER + 1
    Receiver.Start;
    while GetMessage(Message, 0, 0, 0) do
    begin
      if Message.message <> $0401 then
        Continue;
      if Message.wParam = 0 then
        Break;
      Expect(Receiver.Take(Payload), 'a payload for each message');
      SayPayload(Payload);
    end;
    Say('end ' + Receiver.Failure);
  finally
    Receiver.Free;
    DestroyWindow(Window);
  end;
end;
{$ENDIF}

procedure Run(const AWork, ASection: string);
begin
  if AWork = 'stream' then
    TestStream(ASection)
  else if AWork = 'count' then
    Count(ASection)
  else if AWork = 'watch' then
    Watch(ASection)
  else if AWork = 'frames' then
    ReadFrames(ASection)
  else if AWork = 'send' then
    SendTexts(ASection)
  else if AWork = 'receive' then
    ReceiveByEvent(ASection)
  else if AWork = 'give-up' then
    GiveUp(ASection)
{$IFDEF MSWINDOWS}
  else if AWork = 'window' then
    ReceiveByMessage(ASection)
{$ENDIF}
  else
    raise Exception.Create('usage: pascaltest WORK SECTION');
end;

begin
  try
    Run(ParamStr(1), ParamStr(2));
  except
    on Error: Exception do
    begin
      Write(StdErr, Error.Message, #10);
      Halt(1);
    end;
  end;
end.
