package io.shiftadd.format.torch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.shiftadd.format.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of a zip archive whose records are not compressed, where they lie in the file. Both headers of a record
 * must say the same, and no two records may share bytes, so that every reader sees the same archive.
 *
 * <p>Source: APPNOTE.TXT of PKWARE, 4.3 to 4.5; PyTorch writes ZIP64 fields where sizes need them.
 */
final class StoredRecords {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private static final int LOCAL = 0x04034B50;
    private static final int CENTRAL = 0x02014B50;
    private static final int END = 0x06054B50;
    private static final int END_64 = 0x06064B50;
    private static final int LOCATOR_64 = 0x07064B50;

    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int END_64_BYTES = 56;
    private static final int MAX_RECORDS = 1_000_000;
    private static final long UNKNOWN = 0xFFFFFFFFL;
    private static final String REMEDY =
            "The file is damaged or no PyTorch archive: download it again, or get the model's safetensors files.";

    private final MemorySegment file;
    private final String where;

    /**
     * @param header offset of the local header
     * @param size bytes of the content
     */
    record Listed(String name, long header, long size) {}

    /** Where the list of records lies. */
    record Directory(long offset, long size, long count) {}

    StoredRecords(MemorySegment file, String where) {
        this.file = file;
        this.where = where;
    }

    /** The contents by name. */
    static Map<String, MemorySegment> read(MemorySegment file, String where) {
        StoredRecords archive = new StoredRecords(file, where);
        Directory directory = archive.directory();
        Map<String, MemorySegment> contents = new LinkedHashMap<>();
        List<Listed> records = new ArrayList<>(archive.list(directory));
        records.sort(Comparator.comparingLong(Listed::header));
        long end = 0;
        for (Listed record : records) {
            if (record.header() < end) {
                throw archive.invalid("'" + record.name() + "' lies within another record", "records share no bytes");
            }
            long begin = archive.content(record);
            end = archive.within(begin, record.size(), directory.offset(), "'" + record.name() + "'");
            contents.put(record.name(), file.asSlice(begin, record.size()));
        }
        return Collections.unmodifiableMap(contents);
    }

    Directory directory() {
        long end = file.byteSize() - END_BYTES;
        if (end < 0 || file.get(INT, end) != END || file.get(SHORT, end + 20) != 0) {
            throw invalid(
                    "does not end as a zip archive",
                    "PyTorch 1.6 and newer write one; what older versions wrote is not read");
        }
        long count = Short.toUnsignedLong(file.get(SHORT, end + 10));
        long size = Integer.toUnsignedLong(file.get(INT, end + 12));
        long offset = Integer.toUnsignedLong(file.get(INT, end + 16));
        long limit = end;
        if (end >= LOCATOR_BYTES && file.get(INT, end - LOCATOR_BYTES) == LOCATOR_64) {
            long large = file.get(LONG, end - LOCATOR_BYTES + 8);
            within(large, END_64_BYTES, end - LOCATOR_BYTES, "the end of the directory");
            if (file.get(INT, large) != END_64) {
                throw invalid("has no end of its directory at byte " + large, "its locator says so");
            }
            count = file.get(LONG, large + 32);
            size = file.get(LONG, large + 40);
            offset = file.get(LONG, large + 48);
            limit = large;
        }
        if (count < 0 || count > MAX_RECORDS) {
            throw invalid("has " + Long.toUnsignedString(count) + " records", "the limit is " + MAX_RECORDS);
        }
        within(offset, size, limit, "the directory");
        return new Directory(offset, size, count);
    }

    List<Listed> list(Directory directory) {
        List<Listed> records = new ArrayList<>();
        Map<String, Listed> byName = new LinkedHashMap<>();
        long end = directory.offset() + directory.size();
        long at = directory.offset();
        for (long i = 0; i < directory.count(); i++) {
            within(at, CENTRAL_BYTES, end, "record " + i + " of the directory");
            int nameBytes = Short.toUnsignedInt(file.get(SHORT, at + 28));
            int extraBytes = Short.toUnsignedInt(file.get(SHORT, at + 30));
            int commentBytes = Short.toUnsignedInt(file.get(SHORT, at + 32));
            long next = within(at, (long) CENTRAL_BYTES + nameBytes + extraBytes + commentBytes, end, "record " + i);
            if (file.get(INT, at) != CENTRAL) {
                throw invalid("record " + i + " of the directory has no signature", "each has one");
            }
            Listed record = record(at, nameBytes, extraBytes);
            records.add(record);
            if (byName.put(record.name(), record) != null) {
                throw invalid("has two records '" + record.name() + "'", "names are unique");
            }
            at = next;
        }
        return records;
    }

    private Listed record(long at, int nameBytes, int extraBytes) {
        String name = name(at + CENTRAL_BYTES, nameBytes);
        boolean encrypted = (file.get(SHORT, at + 8) & 1) != 0;
        if (encrypted || file.get(SHORT, at + 10) != 0) {
            throw invalid("'" + name + "' is compressed or encrypted", "PyTorch stores records as they are");
        }
        long[] fields = {
            Integer.toUnsignedLong(file.get(INT, at + 24)),
            Integer.toUnsignedLong(file.get(INT, at + 20)),
            Integer.toUnsignedLong(file.get(INT, at + 42))
        };
        large(fields, at + CENTRAL_BYTES + nameBytes, extraBytes);
        if (fields[0] != fields[1]) {
            throw invalid("'" + name + "' has " + fields[1] + " bytes for " + fields[0], "records are not compressed");
        }
        return new Listed(name, fields[2], fields[0]);
    }

    /** Fields that are too large for their 32 bits follow, in their order, in the extra field 1. */
    private void large(long[] fields, long extra, int extraBytes) {
        long end = extra + extraBytes;
        for (long at = extra; at + 4 <= end; ) {
            int id = Short.toUnsignedInt(file.get(SHORT, at));
            long next = at + 4 + Short.toUnsignedInt(file.get(SHORT, at + 2));
            if (id == 1 && next <= end) {
                long value = at + 4;
                for (int i = 0; i < fields.length; i++) {
                    if (fields[i] == UNKNOWN && value + Long.BYTES <= next) {
                        fields[i] = file.get(LONG, value);
                        value += Long.BYTES;
                    }
                }
                return;
            }
            at = next;
        }
    }

    /** Where the content of a record begins, behind its own header. */
    private long content(Listed record) {
        long at = record.header();
        within(at, LOCAL_BYTES, file.byteSize(), "the header of '" + record.name() + "'");
        int nameBytes = Short.toUnsignedInt(file.get(SHORT, at + 26));
        long begin = at + LOCAL_BYTES + nameBytes + Short.toUnsignedInt(file.get(SHORT, at + 28));
        within(at, begin - at, file.byteSize(), "the header of '" + record.name() + "'");
        if (file.get(INT, at) != LOCAL || !name(at + LOCAL_BYTES, nameBytes).equals(record.name())) {
            throw invalid("'" + record.name() + "' has no header of this name at byte " + at, "the directory says so");
        }
        return begin;
    }

    private String name(long at, int bytes) {
        return new String(file.asSlice(at, bytes).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** Returns the end. */
    private long within(long at, long bytes, long limit, String what) {
        if (at < 0 || bytes < 0 || at > limit || bytes > limit - at) {
            throw invalid(
                    what + " has " + Long.toUnsignedString(bytes) + " bytes at byte " + Long.toUnsignedString(at),
                    "the limit is byte " + limit);
        }
        return at + bytes;
    }

    private FormatException invalid(String what, String limit) {
        return new FormatException(what, where, limit, REMEDY);
    }

    /** A local header for a record whose own has not been read; its content then begins earlier than in the archive. */
    static byte[] localHeader(Listed record) {
        byte[] name = record.name().getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[LOCAL_BYTES + name.length];
        MemorySegment fields = MemorySegment.ofArray(header);
        fields.set(INT, 0, LOCAL);
        fields.set(SHORT, 26, (short) name.length);
        System.arraycopy(name, 0, header, LOCAL_BYTES, name.length);
        return header;
    }
}
