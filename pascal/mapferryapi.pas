// SPDX-License-Identifier: Apache-2.0
// The C interface of mapferry for Delphi and Free Pascal, made of its headers by
// scripts/pascal_api.sh: do not change it here. The manual is docs/c.md. Classes that are easier
// to use are in mapferry.pas.
//
// Pascal does not distinguish MAPFERRY_IMAGE_BYTES from mapferry_image_bytes, so that key is called
// MAPFERRY_IMAGE_BYTES_KEY here. Parameters have an A before their C name. Handles are typed
// pointers; a call that hands one out fills the variable whose address it gets (@Frame). Texts are
// UTF-8. Windows: mapferry.dll with as many bits as the program. Linux: libmapferry.so.0, on 64-bit
// systems.
unit mapferryapi;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

const
{$IFDEF MSWINDOWS}
  MapferryLibrary = 'mapferry.dll';
{$ELSE}
  MapferryLibrary = 'libmapferry.so.0';
{$ENDIF}

  MAPFERRY_HEADER_VERSION = 100;
  MAPFERRY_OK = 0;
  MAPFERRY_END = -1;
  MAPFERRY_NOTHING = -2;
  MAPFERRY_USAGE = 1;
  MAPFERRY_NOT_FOUND = 2;
  MAPFERRY_NOT_READY = 3;
  MAPFERRY_BUSY = 4;
  MAPFERRY_STILL_FILLING = 5;
  MAPFERRY_TIMED_OUT = 6;
  MAPFERRY_INTERRUPTED = 7;
  MAPFERRY_PEER_GONE = 8;
  MAPFERRY_EVICTED = 9;
  MAPFERRY_CORRUPT = 10;
  MAPFERRY_FORMAT_VERSION = 11;
  MAPFERRY_PERMISSION = 12;
  MAPFERRY_CANNOT_CREATE = 13;
  MAPFERRY_IO = 14;
  MAPFERRY_OUT_OF_MEMORY = 15;
  MAPFERRY_SYSTEM = 16;
  MAPFERRY_FOREVER = -1;
  MAPFERRY_UNKNOWN_KEY = Low(Int64);
  MAPFERRY_IMAGE_WIDTH = 32;
  MAPFERRY_IMAGE_HEIGHT = 33;
  MAPFERRY_IMAGE_FOURCC = 34;
  MAPFERRY_IMAGE_ROW_STRIDE_BYTES = 35;
  MAPFERRY_IMAGE_BITS_PER_PIXEL = 36;
  MAPFERRY_IMAGE_ORIENTATION = 37;
  MAPFERRY_IMAGE_PRIMARIES = 38;
  MAPFERRY_IMAGE_TRANSFER = 39;
  MAPFERRY_IMAGE_MATRIX = 40;
  MAPFERRY_IMAGE_RANGE = 41;
  MAPFERRY_IMAGE_CHROMA_SITE = 42;
  MAPFERRY_IMAGE_BYTES_KEY = 43;
  MAPFERRY_IMAGE_PLANE_COUNT = 44;
  MAPFERRY_IMAGE_PLANES_MAX = 4;
  MAPFERRY_ORIENTATION_UNKNOWN = 0;
  MAPFERRY_ORIENTATION_TOP_DOWN = 1;
  MAPFERRY_ORIENTATION_BOTTOM_UP = 2;
  MAPFERRY_RANGE_UNKNOWN = 0;
  MAPFERRY_RANGE_LIMITED = 1;
  MAPFERRY_RANGE_FULL = 2;
  MAPFERRY_CHROMA_UNKNOWN = 0;
  MAPFERRY_CHROMA_LEFT = 1;
  MAPFERRY_CHROMA_CENTER = 2;
  MAPFERRY_CHROMA_TOP_LEFT = 3;
  MAPFERRY_CHROMA_TOP = 4;
  MAPFERRY_CHROMA_BOTTOM_LEFT = 5;
  MAPFERRY_CHROMA_BOTTOM = 6;
  MAPFERRY_TENSOR_TYPE = 64;
  MAPFERRY_TENSOR_BITS = 65;
  MAPFERRY_TENSOR_LANES = 66;
  MAPFERRY_TENSOR_DIMENSIONS = 67;
  MAPFERRY_TENSOR_BYTES = 68;
  MAPFERRY_TENSOR_DIMENSIONS_MAX = 8;
  MAPFERRY_TYPE_INT = 0;
  MAPFERRY_TYPE_UINT = 1;
  MAPFERRY_TYPE_FLOAT = 2;
  MAPFERRY_TYPE_OPAQUE = 3;
  MAPFERRY_TYPE_BFLOAT = 4;
  MAPFERRY_TYPE_COMPLEX = 5;
  MAPFERRY_TYPE_BOOL = 6;
  MAPFERRY_SECTION_DELIVERY = 96;
  MAPFERRY_SECTION_READER_LIMIT = 97;
  MAPFERRY_SECTION_SLOT_COUNT = 98;
  MAPFERRY_SECTION_SLOT_BYTES = 99;
  MAPFERRY_SECTION_BYTES = 100;
  MAPFERRY_DELIVERY_STREAM = 1;
  MAPFERRY_DELIVERY_KEEP = 2;
  MAPFERRY_DELIVERY_LATEST = 3;
  MAPFERRY_DELIVERY_EACH = 4;
  MAPFERRY_DELIVERY_BUFFER = 5;
  MAPFERRY_BUFFER_SIZE = 0;
  MAPFERRY_BUFFER_ALREADY_EXISTED = 1;
  MAPFERRY_BUFFER_READ_ONLY = 2;
  MAPFERRY_BUFFER_IS_LOCKED = 3;
  MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED = 4;
  MAPFERRY_BUFFER_PERSISTS = 5;
  MAPFERRY_LINGER_NOT_NEEDED = 0;
  MAPFERRY_LINGER_CONSUMED = 1;
  MAPFERRY_LINGER_REMOVED = 2;
  MAPFERRY_LINGER_TIMED_OUT = 3;
  MAPFERRY_FRAME_BYTES = 0;
  MAPFERRY_FRAME_ADDRESS = 1;
  MAPFERRY_FRAME_SEQUENCE = 2;
  MAPFERRY_FRAME_MISSED = 3;
  MAPFERRY_FRAME_EPOCH = 4;
  MAPFERRY_FRAME_WRITER_RESTARTED = 5;
  MAPFERRY_FRAME_HAS_CHECKSUM = 6;
  MAPFERRY_FRAME_PUBLISHED_UNIX_NS = 7;
  MAPFERRY_FRAME_LATENCY_NS = 8;
  MAPFERRY_FRAME_CAPTURED_NS = 9;
  MAPFERRY_FRAME_CAPTURE_CLOCK = 10;
  MAPFERRY_FRAME_HAS_SOURCE_NUMBER = 11;
  MAPFERRY_FRAME_SOURCE_NUMBER = 12;
  MAPFERRY_FRAME_METADATA_BYTES = 13;
  MAPFERRY_FRAME_METADATA_ADDRESS = 14;
  MAPFERRY_CLOCK_UNKNOWN = 0;
  MAPFERRY_CLOCK_REALTIME = 1;
  MAPFERRY_CLOCK_MONOTONIC = 2;
  MAPFERRY_CLOCK_TAI = 3;
  MAPFERRY_FRAME_READER_EPOCH = 0;
  MAPFERRY_FRAME_READER_HAS_ENDED = 1;
  MAPFERRY_FRAME_READER_DESCRIPTION_VERSION = 2;
  MAPFERRY_FRAME_READER_RATE_NUMERATOR = 3;
  MAPFERRY_FRAME_READER_RATE_DENOMINATOR = 4;
  MAPFERRY_FRAME_READER_ASPECT_NUMERATOR = 5;
  MAPFERRY_FRAME_READER_ASPECT_DENOMINATOR = 6;
  MAPFERRY_FRAME_READER_SCAN = 7;
  MAPFERRY_SCAN_UNKNOWN = 0;
  MAPFERRY_SCAN_PROGRESSIVE = 1;
  MAPFERRY_SCAN_TOP_FIELD_FIRST = 2;
  MAPFERRY_SCAN_BOTTOM_FIELD_FIRST = 3;
  MAPFERRY_SCAN_MIXED = 4;
  MAPFERRY_FRAME_WRITER_FRAMES = 0;
  MAPFERRY_FRAME_WRITER_READERS = 1;
  MAPFERRY_FRAME_WRITER_READERS_LOST = 2;
  MAPFERRY_FRAME_WRITER_RENEWALS = 3;
  MAPFERRY_FRAME_WRITER_NAME_WAS_LOST = 4;
  MAPFERRY_PAYLOAD_INDEX = 0;
  MAPFERRY_PAYLOAD_COUNT = 1;
  MAPFERRY_PAYLOAD_BYTES = 2;
  MAPFERRY_PAYLOAD_IS_TEXT = 3;
  MAPFERRY_PAYLOAD_HAS_MTIME = 4;
  MAPFERRY_PAYLOAD_MTIME_UNIX_NS = 5;
  MAPFERRY_PAYLOAD_PERMISSION_BITS = 6;
  MAPFERRY_PAYLOAD_PAIR_COUNT = 7;
  MAPFERRY_PAYLOAD_CHUNK_COUNT = 8;
  MAPFERRY_PAYLOAD_DIGEST_OVER_BYTES = 9;
  MAPFERRY_PAYLOAD_SOURCE_CHANGED = 10;
  MAPFERRY_READER_HAS_ENDED = 11;
  MAPFERRY_WRITER_READERS_SERVED = 0;
  MAPFERRY_WRITER_READERS_LOST = 1;
  MAPFERRY_WRITER_NAME_WAS_LOST = 2;
  MAPFERRY_WRITER_PERSISTS = 3;
  MAPFERRY_WRITER_PAYLOAD_BYTES = 4;
  MAPFERRY_WRITER_CHUNK_COUNT = 5;
  MAPFERRY_WRITER_DIGEST_OVER_BYTES = 6;
  MAPFERRY_WRITER_SOURCE_CHANGED = 7;

type
  Pmapferry_stop = type Pointer;
  Pmapferry_bytes = type Pointer;
  Pmapferry_picture = type Pointer;
  Pmapferry_frame_reader = type Pointer;
  Pmapferry_frame = type Pointer;
  Pmapferry_frame_writer = type Pointer;
  Pmapferry_loan = type Pointer;
  Pmapferry_memory = type Pointer;
  Pmapferry_buffer = type Pointer;
  Pmapferry_reader = type Pointer;
  Pmapferry_writer = type Pointer;
{$IFNDEF FPC}
{$IF CompilerVersion < 23}
  PNativeUInt = ^NativeUInt;
{$IFEND}
{$ELSE}
  PNativeUInt = ^NativeUInt;
  PUInt64 = ^UInt64;
{$ENDIF}

  function mapferry_buffer_open(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop: Pmapferry_stop;
    Abuffer: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_buffer_value(Abuffer: Pmapferry_buffer; Akey: Integer): Int64; stdcall;
    external MapferryLibrary;
  function mapferry_buffer_lock(Abuffer: Pmapferry_buffer; Atimeout_ms: Integer): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_buffer_unlock(Abuffer: Pmapferry_buffer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_buffer_data(Abuffer: Pmapferry_buffer): Pointer; stdcall; external
    MapferryLibrary;
  function mapferry_buffer_read(Abuffer: Pmapferry_buffer; Aoffset: NativeUInt; Atarget: Pointer;
    Asize: NativeUInt; Adone: PNativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_buffer_write(Abuffer: Pmapferry_buffer; Aoffset: NativeUInt; Adata: Pointer;
    Asize: NativeUInt; Adone: PNativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_buffer_check(Abuffer: Pmapferry_buffer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_buffer_linger(Abuffer: Pmapferry_buffer; Atimeout_ms: Integer; Aended:
    PInteger): Integer; stdcall; external MapferryLibrary;
  procedure mapferry_buffer_close(Abuffer: Pmapferry_buffer); stdcall; external MapferryLibrary;
  function mapferry_frame_data(Aframe: Pmapferry_frame): Pointer; stdcall; external
    MapferryLibrary;
  function mapferry_frame_size(Aframe: Pmapferry_frame): NativeUInt; stdcall; external
    MapferryLibrary;
  function mapferry_frame_value(Aframe: Pmapferry_frame; Akey: Integer): Int64; stdcall; external
    MapferryLibrary;
  function mapferry_frame_values(Aframe: Pmapferry_frame; Avalues: PInt64; Acount: Integer):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_format(Aframe: Pmapferry_frame): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_frame_tensor_type(Aframe: Pmapferry_frame): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_frame_content_type(Aframe: Pmapferry_frame): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_frame_metadata(Aframe: Pmapferry_frame): Pointer; stdcall; external
    MapferryLibrary;
  function mapferry_frame_verify(Aframe: Pmapferry_frame): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_frame_copy(Aframe: Pmapferry_frame; Atarget: Pointer; Asize: NativeUInt):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_convert(Aframe: Pmapferry_frame; Aformat: PAnsiChar; Aoptions:
    PAnsiChar; Atarget: Pointer; Asize: NativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_save(Aframe: Pmapferry_frame; Apath: PAnsiChar; Aoptions: PAnsiChar):
    Integer; stdcall; external MapferryLibrary;
  procedure mapferry_frame_release(Aframe: Pmapferry_frame); stdcall; external MapferryLibrary;
  function mapferry_frame_reader_open(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop:
    Pmapferry_stop; Areader: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_reader_next(Areader: Pmapferry_frame_reader; Atimeout_ms: Integer;
    Aframe: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_reader_latest(Areader: Pmapferry_frame_reader; Atimeout_ms: Integer;
    Aframe: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_reader_value(Areader: Pmapferry_frame_reader; Akey: Integer): Int64;
    stdcall; external MapferryLibrary;
  function mapferry_frame_reader_description(Areader: Pmapferry_frame_reader; Atext: PPointer):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_reader_notification(Areader: Pmapferry_frame_reader; Ahandle: PInt64):
    Integer; stdcall; external MapferryLibrary;
  procedure mapferry_frame_reader_close(Areader: Pmapferry_frame_reader); stdcall; external
    MapferryLibrary;
  function mapferry_frame_writer_create(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop:
    Pmapferry_stop; Awriter: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_wait_for_readers(Awriter: Pmapferry_frame_writer; Acount:
    Integer; Atimeout_ms: Integer): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_set_image(Awriter: Pmapferry_frame_writer; Awidth: Cardinal;
    Aheight: Cardinal; Aformat: PAnsiChar; Aoptions: PAnsiChar): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_frame_writer_set_tensor(Awriter: Pmapferry_frame_writer; Atype: PAnsiChar;
    Ashape: PInt64; Adimensions: Integer): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_set_captured(Awriter: Pmapferry_frame_writer; Ans: Int64;
    Aclock: Integer): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_set_source_number(Awriter: Pmapferry_frame_writer; Anumber:
    UInt64): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_set_metadata(Awriter: Pmapferry_frame_writer; Acontent_type:
    PAnsiChar; Adata: Pointer; Asize: NativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_publish_copy(Awriter: Pmapferry_frame_writer; Adata: Pointer;
    Asize: NativeUInt; Atimeout_ms: Integer; Asequence: PUInt64): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_frame_writer_loan(Awriter: Pmapferry_frame_writer; Asize: NativeUInt;
    Atimeout_ms: Integer; Aloan: PPointer; Adata: PPointer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_loan_data(Aloan: Pmapferry_loan): Pointer; stdcall; external MapferryLibrary;
  function mapferry_loan_size(Aloan: Pmapferry_loan): NativeUInt; stdcall; external
    MapferryLibrary;
  function mapferry_loan_memory(Aloan: Pmapferry_loan; Amemory: PPointer): Integer; stdcall;
    external MapferryLibrary;
  procedure mapferry_memory_free(Amemory: Pmapferry_memory); stdcall; external MapferryLibrary;
  function mapferry_loan_set_image(Aloan: Pmapferry_loan; Awidth: Cardinal; Aheight: Cardinal;
    Aformat: PAnsiChar; Aoptions: PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_loan_set_tensor(Aloan: Pmapferry_loan; Atype: PAnsiChar; Ashape: PInt64;
    Adimensions: Integer): Integer; stdcall; external MapferryLibrary;
  function mapferry_loan_set_captured(Aloan: Pmapferry_loan; Ans: Int64; Aclock: Integer):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_loan_set_source_number(Aloan: Pmapferry_loan; Anumber: UInt64): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_loan_set_metadata(Aloan: Pmapferry_loan; Acontent_type: PAnsiChar; Adata:
    Pointer; Asize: NativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_loan_add_metadata(Aloan: Pmapferry_loan; Acontent_type: PAnsiChar; Asize:
    NativeUInt; Adata: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_loan_publish(Aloan: Pmapferry_loan; Asequence: PUInt64): Integer; stdcall;
    external MapferryLibrary;
  procedure mapferry_loan_drop(Aloan: Pmapferry_loan); stdcall; external MapferryLibrary;
  function mapferry_frame_writer_skip(Awriter: Pmapferry_frame_writer; Aframes: UInt64): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_frame_writer_describe(Awriter: Pmapferry_frame_writer; Atext: PAnsiChar):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_set_facts(Awriter: Pmapferry_frame_writer; Aoptions: PAnsiChar):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_frame_writer_check(Awriter: Pmapferry_frame_writer): Integer; stdcall;
    external MapferryLibrary;
  function mapferry_frame_writer_value(Awriter: Pmapferry_frame_writer; Akey: Integer): Int64;
    stdcall; external MapferryLibrary;
  function mapferry_frame_writer_end(Awriter: Pmapferry_frame_writer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_frame_writer_abort(Awriter: Pmapferry_frame_writer; Acode: Integer; Amessage:
    PAnsiChar): Integer; stdcall; external MapferryLibrary;
  procedure mapferry_frame_writer_close(Awriter: Pmapferry_frame_writer); stdcall; external
    MapferryLibrary;
  function mapferry_format_name(Aformat: PAnsiChar; Avocabulary: PAnsiChar): PAnsiChar; stdcall;
    external MapferryLibrary;
  function mapferry_image_bytes(Awidth: Cardinal; Aheight: Cardinal; Aformat: PAnsiChar;
    Aoptions: PAnsiChar; Abytes: PNativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_image_convert(Awidth: Cardinal; Aheight: Cardinal; Afrom_format: PAnsiChar;
    Afrom_options: PAnsiChar; Afrom: Pointer; Afrom_size: NativeUInt; Ato_format: PAnsiChar;
    Ato_options: PAnsiChar; Ato: Pointer; Ato_size: NativeUInt): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_image_save(Awidth: Cardinal; Aheight: Cardinal; Aformat: PAnsiChar; Aoptions:
    PAnsiChar; Adata: Pointer; Asize: NativeUInt; Apath: PAnsiChar; Asave_options: PAnsiChar):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_picture_load(Apath: PAnsiChar; Aoptions: PAnsiChar; Apicture: PPointer):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_picture_data(Apicture: Pmapferry_picture): Pointer; stdcall; external
    MapferryLibrary;
  function mapferry_picture_size(Apicture: Pmapferry_picture): NativeUInt; stdcall; external
    MapferryLibrary;
  function mapferry_picture_value(Apicture: Pmapferry_picture; Akey: Integer): Int64; stdcall;
    external MapferryLibrary;
  function mapferry_picture_format(Apicture: Pmapferry_picture): PAnsiChar; stdcall; external
    MapferryLibrary;
  procedure mapferry_picture_free(Apicture: Pmapferry_picture); stdcall; external MapferryLibrary;
  function mapferry_version: Integer; stdcall; external MapferryLibrary;
  function mapferry_version_text: PAnsiChar; stdcall; external MapferryLibrary;
  function mapferry_error_code: Integer; stdcall; external MapferryLibrary;
  function mapferry_error_message: PAnsiChar; stdcall; external MapferryLibrary;
  function mapferry_error_hint: PAnsiChar; stdcall; external MapferryLibrary;
  function mapferry_error_os: Integer; stdcall; external MapferryLibrary;
  function mapferry_error_remedy: Integer; stdcall; external MapferryLibrary;
  function mapferry_code_name(Acode: Integer): PAnsiChar; stdcall; external MapferryLibrary;
  function mapferry_remedy_name(Aremedy: Integer): PAnsiChar; stdcall; external MapferryLibrary;
  function mapferry_stop_new(Astop: PPointer): Integer; stdcall; external MapferryLibrary;
  procedure mapferry_stop_raise(Astop: Pmapferry_stop); stdcall; external MapferryLibrary;
  procedure mapferry_stop_lower(Astop: Pmapferry_stop); stdcall; external MapferryLibrary;
  function mapferry_stop_is_raised(Astop: Pmapferry_stop): Integer; stdcall; external
    MapferryLibrary;
  procedure mapferry_stop_free(Astop: Pmapferry_stop); stdcall; external MapferryLibrary;
  function mapferry_bytes_data(Abytes: Pmapferry_bytes): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_bytes_size(Abytes: Pmapferry_bytes): NativeUInt; stdcall; external
    MapferryLibrary;
  procedure mapferry_bytes_free(Abytes: Pmapferry_bytes); stdcall; external MapferryLibrary;
  function mapferry_install_fault_guard: Integer; stdcall; external MapferryLibrary;
  function mapferry_wait_any(Ahandles: PInt64; Acount: Integer; Atimeout_ms: Integer; Aindex:
    PInteger): Integer; stdcall; external MapferryLibrary;
  function mapferry_reader_open(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop: Pmapferry_stop;
    Areader: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_reader_next(Areader: Pmapferry_reader; Atimeout_ms: Integer): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_reader_name(Areader: Pmapferry_reader): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_reader_format(Areader: Pmapferry_reader): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_reader_tensor_type(Areader: Pmapferry_reader): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_reader_pair_key(Areader: Pmapferry_reader; Aindex: Integer): PAnsiChar;
    stdcall; external MapferryLibrary;
  function mapferry_reader_pair_value(Areader: Pmapferry_reader; Aindex: Integer): PAnsiChar;
    stdcall; external MapferryLibrary;
  function mapferry_reader_value(Areader: Pmapferry_reader; Akey: Integer): Int64; stdcall;
    external MapferryLibrary;
  function mapferry_reader_digest(Areader: Pmapferry_reader): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_reader_read(Areader: Pmapferry_reader; Atarget: Pointer; Asize: NativeUInt;
    Adone: PNativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_reader_read_piece(Areader: Pmapferry_reader; Adata: PPointer; Asize:
    PNativeUInt): Integer; stdcall; external MapferryLibrary;
  function mapferry_reader_receive_bytes(Areader: Pmapferry_reader; Asize_limit: NativeUInt;
    Abytes: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_reader_receive_file(Areader: Pmapferry_reader; Apath: PAnsiChar; Aoptions:
    PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_reader_view(Areader: Pmapferry_reader; Adata: PPointer; Asize: PNativeUInt):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_reader_acknowledge(Areader: Pmapferry_reader): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_reader_leave_out(Areader: Pmapferry_reader; Acode: Integer): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_reader_notification(Areader: Pmapferry_reader; Ahandle: PInt64): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_reader_end(Areader: Pmapferry_reader): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_reader_abort(Areader: Pmapferry_reader; Acode: Integer): Integer; stdcall;
    external MapferryLibrary;
  procedure mapferry_reader_close(Areader: Pmapferry_reader); stdcall; external MapferryLibrary;
  function mapferry_section_check(Asection: PAnsiChar): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_section_list(Aoptions: PAnsiChar; Anames: PPointer): Integer; stdcall;
    external MapferryLibrary;
  function mapferry_section_info(Asection: PAnsiChar; Aoptions: PAnsiChar; Ajson: PPointer):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_section_verify(Asection: PAnsiChar; Aoptions: PAnsiChar; Ajson: PPointer):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_section_remove(Asection: PAnsiChar; Aoptions: PAnsiChar): Integer; stdcall;
    external MapferryLibrary;
  function mapferry_section_collect_garbage(Asection: PAnsiChar; Aoptions: PAnsiChar; Ajson:
    PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_send_bytes(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop: Pmapferry_stop;
    Aname: PAnsiChar; Adata: Pointer; Asize: NativeUInt): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_send_file(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop: Pmapferry_stop;
    Apath: PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_receive_bytes(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop:
    Pmapferry_stop; Asize_limit: NativeUInt; Abytes: PPointer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_receive_file(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop: Pmapferry_stop;
    Apath: PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_check_file_name(Aname: PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_harmless_file_name(Aname: PAnsiChar; Aharmless: PPointer): Integer; stdcall;
    external MapferryLibrary;
  function mapferry_writer_create(Asection: PAnsiChar; Aoptions: PAnsiChar; Astop:
    Pmapferry_stop; Awriter: PPointer): Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_wait_for_readers(Awriter: Pmapferry_writer; Acount: Integer;
    Atimeout_ms: Integer): Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_set_image(Awriter: Pmapferry_writer; Awidth: Cardinal; Aheight:
    Cardinal; Aformat: PAnsiChar; Aoptions: PAnsiChar): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_writer_set_tensor(Awriter: Pmapferry_writer; Atype: PAnsiChar; Ashape:
    PInt64; Adimensions: Integer): Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_add_pair(Awriter: Pmapferry_writer; Akey: PAnsiChar; Avalue:
    PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_begin(Awriter: Pmapferry_writer; Aname: PAnsiChar; Asize: Int64;
    Aoptions: PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_write(Awriter: Pmapferry_writer; Adata: Pointer; Asize: NativeUInt):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_write_hole(Awriter: Pmapferry_writer; Asize: UInt64): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_writer_loan(Awriter: Pmapferry_writer; Adata: PPointer; Asize: PNativeUInt):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_publish(Awriter: Pmapferry_writer; Asize: NativeUInt): Integer;
    stdcall; external MapferryLibrary;
  function mapferry_writer_flush(Awriter: Pmapferry_writer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_writer_end_payload(Awriter: Pmapferry_writer; Asource_changed: Integer):
    Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_send_file(Awriter: Pmapferry_writer; Apath: PAnsiChar; Aoptions:
    PAnsiChar): Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_check(Awriter: Pmapferry_writer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_writer_value(Awriter: Pmapferry_writer; Akey: Integer): Int64; stdcall;
    external MapferryLibrary;
  function mapferry_writer_digest(Awriter: Pmapferry_writer): PAnsiChar; stdcall; external
    MapferryLibrary;
  function mapferry_writer_end(Awriter: Pmapferry_writer): Integer; stdcall; external
    MapferryLibrary;
  function mapferry_writer_linger(Awriter: Pmapferry_writer; Atimeout_ms: Integer; Aended:
    PInteger): Integer; stdcall; external MapferryLibrary;
  function mapferry_writer_abort(Awriter: Pmapferry_writer; Acode: Integer; Amessage: PAnsiChar):
    Integer; stdcall; external MapferryLibrary;
  procedure mapferry_writer_close(Awriter: Pmapferry_writer); stdcall; external MapferryLibrary;

implementation

end.
