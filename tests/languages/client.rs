// SPDX-License-Identifier: Apache-2.0
// A client in Rust: reads all frames of SECTION, then adds one to the number in the buffer BUFFER.
use std::ffi::{c_void, CStr, CString};
use std::os::raw::c_char;
use std::ptr::{null, null_mut};

type Handle = *mut c_void;
type Text = *const c_char;

extern "system" {
    fn mapferry_frame_reader_open(section: Text, options: Text, stop: Handle,
                                  reader: *mut Handle) -> i32;
    fn mapferry_frame_reader_next(reader: Handle, timeout_ms: i32, frame: *mut Handle) -> i32;
    fn mapferry_frame_reader_close(reader: Handle);
    fn mapferry_frame_value(frame: Handle, key: i32) -> i64;
    fn mapferry_frame_data(frame: Handle) -> *const u8;
    fn mapferry_frame_format(frame: Handle) -> Text;
    fn mapferry_frame_release(frame: Handle);
    fn mapferry_buffer_open(section: Text, options: Text, stop: Handle,
                            buffer: *mut Handle) -> i32;
    fn mapferry_buffer_lock(buffer: Handle, timeout_ms: i32) -> i32;
    fn mapferry_buffer_data(buffer: Handle) -> *mut i32;
    fn mapferry_buffer_close(buffer: Handle);
    fn mapferry_error_message() -> Text;
}

unsafe fn check(code: i32) -> i32 {
    assert!(code <= 0, "{:?}", CStr::from_ptr(mapferry_error_message()));
    code
}

fn main() {
    let words: Vec<CString> = std::env::args().map(|word| CString::new(word).unwrap()).collect();
    let (mut reader, mut frame, mut buffer) = (null_mut(), null_mut(), null_mut());
    let options = CString::new("timeout_ms=60000").unwrap();
    unsafe {
        let stop = null_mut();
        check(mapferry_frame_reader_open(words[1].as_ptr(), options.as_ptr(), stop, &mut reader));
        while check(mapferry_frame_reader_next(reader, 60000, &mut frame)) == 0 {
            let value = |key| mapferry_frame_value(frame, key);
            let format = CStr::from_ptr(mapferry_frame_format(frame)).to_str().unwrap();
            let first = *mapferry_frame_data(frame);
            println!("{} {}x{} {} {}", value(2), value(32), value(33), format, first);
            mapferry_frame_release(frame);
        }
        mapferry_frame_reader_close(reader);
        check(mapferry_buffer_open(words[2].as_ptr(), null(), null_mut(), &mut buffer));
        check(mapferry_buffer_lock(buffer, 60000));
        *mapferry_buffer_data(buffer) += 1;
        mapferry_buffer_close(buffer); // unlocks it, too
    }
}
