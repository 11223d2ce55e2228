// SPDX-License-Identifier: Apache-2.0
// A client in C#: reads all frames of SECTION, then adds one to the number in the buffer of BUFFER.
using System;
using System.Runtime.InteropServices;

static class Client {
    const string Library = "mapferry"; // Linux: Client.exe.config says libmapferry.so.0
    const int Width = 32, Height = 33, Sequence = 2, End = -1;
    [DllImport(Library)] static extern int mapferry_frame_reader_open(string section,
        string options, IntPtr stop, out IntPtr reader);
    [DllImport(Library)] static extern int mapferry_frame_reader_next(IntPtr reader,
        int timeoutMs, out IntPtr frame);
    [DllImport(Library)] static extern void mapferry_frame_reader_close(IntPtr reader);
    [DllImport(Library)] static extern long mapferry_frame_value(IntPtr frame, int key);
    [DllImport(Library)] static extern IntPtr mapferry_frame_data(IntPtr frame);
    [DllImport(Library)] static extern IntPtr mapferry_frame_format(IntPtr frame);
    [DllImport(Library)] static extern void mapferry_frame_release(IntPtr frame);
    [DllImport(Library)] static extern int mapferry_buffer_open(string section, string options,
        IntPtr stop, out IntPtr buffer);
    [DllImport(Library)] static extern int mapferry_buffer_lock(IntPtr buffer, int timeoutMs);
    [DllImport(Library)] static extern IntPtr mapferry_buffer_data(IntPtr buffer);
    [DllImport(Library)] static extern void mapferry_buffer_close(IntPtr buffer);
    [DllImport(Library)] static extern IntPtr mapferry_error_message();

    static int Check(int code) {
        if (code > 0) throw new Exception(Marshal.PtrToStringAnsi(mapferry_error_message()));
        return code;
    }

    static void Main(string[] arguments) {
        IntPtr reader, frame, buffer;
        IntPtr stop = IntPtr.Zero;
        Check(mapferry_frame_reader_open(arguments[0], "timeout_ms=60000", stop, out reader));
        while (Check(mapferry_frame_reader_next(reader, 60000, out frame)) != End) {
            Console.WriteLine("{0} {1}x{2} {3} {4}", mapferry_frame_value(frame, Sequence),
                mapferry_frame_value(frame, Width), mapferry_frame_value(frame, Height),
                Marshal.PtrToStringAnsi(mapferry_frame_format(frame)),
                Marshal.ReadByte(mapferry_frame_data(frame)));
            mapferry_frame_release(frame);
        }
        mapferry_frame_reader_close(reader);
        Check(mapferry_buffer_open(arguments[1], null, stop, out buffer));
        Check(mapferry_buffer_lock(buffer, 60000));
        IntPtr number = mapferry_buffer_data(buffer);
        Marshal.WriteInt32(number, Marshal.ReadInt32(number) + 1);
        mapferry_buffer_close(buffer); // unlocks it, too
    }
}
