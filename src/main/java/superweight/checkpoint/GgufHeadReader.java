package superweight.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import superweight.InvalidInputException;

/**
 * Reads and checks what stands before the tensor data of a GGUF file.
 *
 * <p>Format: {@code docs/gguf.md} of ggml. Stricter than ggml in places: nested arrays, keys that
 * are not printable ASCII and tensors that do not follow one another are refused.
 */
final class GgufHeadReader {
    private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    private static final String ALIGNMENT = "general.alignment";
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long LARGEST_ALIGNMENT = 1 << 16;
    private static final int LONGEST_KEY = 65535;
    private static final int LONGEST_TENSOR_NAME = 64;
    private static final int MOST_DIMENSIONS = 4;
    private static final int MOST_ENTRIES = 1 << 16;
    /** Over all arrays together; a vocabulary of 250,000 with its types and merges has about 800,000. */
    private static final int MOST_ARRAY_ELEMENTS = 1 << 22;
    private static final int ARRAY = 9;

    /** A row of the tensor table as it stands there, its offset counted from the tensor data. */
    private record Row(String name, TensorType type, Shape shape, long offset, long bytes) {}

    private final Path path;
    private final GgufInput input;
    private final List<String> warnings = new ArrayList<>();
    private int arrayElementsLeft = MOST_ARRAY_ELEMENTS;

    GgufHeadReader(Path path, GgufInput input) {
        this.path = path;
        this.input = input;
    }

    GgufFile read() throws IOException {
        readMagic();
        readVersion();
        // The shortest row: name length, letter, number of dimensions, dimension, type, offset.
        int tensorCount = input.readCount("number of tensors", 8 + 1 + 4 + 8 + 4 + 8, MOST_ENTRIES);
        // The shortest pair: key length, letter, type, a value of one byte.
        int pairCount = input.readCount("number of metadata pairs", 8 + 1 + 4 + 1, MOST_ENTRIES);
        GgufMetadata metadata = readMetadata(pairCount);
        long alignment = alignment(metadata);
        List<Row> rows = readRows(tensorCount);
        return place(metadata, rows, alignment);
    }

    private void readMagic() throws IOException {
        int magic = input.readInt("the magic number");
        if (magic != MAGIC) {
            throw input.refuse("the magic number", "0x47475546, the letters GGUF",
                    String.format(Locale.ROOT, "0x%08x", Integer.reverseBytes(magic)));
        }
    }

    private void readVersion() throws IOException {
        int version = input.readInt("the format version");
        int swapped = Integer.reverseBytes(version);
        if (swapped == 2 || swapped == 3) {
            throw input.refuse("the byte order", "little-endian", "big-endian");
        }
        if (version != 2 && version != 3) {
            throw input.refuse("the format version", "2 or 3", Integer.toUnsignedString(version));
        }
    }

    private GgufMetadata readMetadata(int count) throws IOException {
        Map<String, GgufValue> pairs = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = input.readString("the key of metadata pair " + i, LONGEST_KEY);
            requireName("the key of metadata pair " + i, key);
            if (!key.matches("[a-z0-9_.-]+")) {
                warnings.add("%s has the metadata key %s, which is not in lower case as the format asks."
                        .formatted(path, key));
            }
            if (pairs.put(key, readValue(key)) != null) {
                throw input.refuse("metadata key " + key, "there once", "there twice");
            }
        }
        return new GgufMetadata(path, pairs);
    }

    private GgufValue readValue(String key) throws IOException {
        String what = "the value of metadata key " + key;
        long type = input.readUnsignedInt(what);
        if (type != ARRAY) {
            GgufValue.Scalar scalar = scalar("the type of metadata key " + key, type);
            return new GgufValue(
                    new GgufValue.Type(scalar, GgufValue.Form.SINGLE), List.of(readScalar(scalar, what)));
        }
        GgufValue.Scalar scalar = scalar("the array element type of metadata key " + key, input.readUnsignedInt(what));
        int count = input.readCount("number of array elements of metadata key " + key,
                scalar.leastBytes(), arrayElementsLeft);
        arrayElementsLeft -= count;
        List<Object> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(readScalar(scalar, what));
        }
        return new GgufValue(new GgufValue.Type(scalar, GgufValue.Form.ARRAY), elements);
    }

    private GgufValue.Scalar scalar(String what, long id) {
        if (id == ARRAY) {
            throw input.refuse(what, "a single value's type", "an array in an array");
        }
        return GgufValue.Scalar.withId(id)
                .orElseThrow(() -> input.refuse(what, "a value type from 0 to 12", String.valueOf(id)));
    }

    private Object readScalar(GgufValue.Scalar scalar, String what) throws IOException {
        return switch (scalar) {
            case UINT8 -> (long) Byte.toUnsignedInt((byte) input.readByte(what));
            case INT8 -> (long) input.readByte(what);
            case UINT16 -> (long) Short.toUnsignedInt(input.readShort(what));
            case INT16 -> (long) input.readShort(what);
            case UINT32 -> input.readUnsignedInt(what);
            case INT32 -> (long) input.readInt(what);
            case UINT64, INT64 -> input.readLong(what);
            case FLOAT32 -> (double) Float.intBitsToFloat(input.readInt(what));
            case FLOAT64 -> Double.longBitsToDouble(input.readLong(what));
            case BOOL -> readBool(what);
            case STRING -> input.readString(what);
        };
    }

    private boolean readBool(String what) throws IOException {
        int value = input.readByte(what);
        if (value != 0 && value != 1) {
            throw input.refuse(what, "0 or 1 as a bool", String.valueOf(value & 0xFF));
        }
        return value == 1;
    }

    private long alignment(GgufMetadata metadata) {
        if (!metadata.has(ALIGNMENT)) {
            return DEFAULT_ALIGNMENT;
        }
        long alignment = metadata.unsignedInt(ALIGNMENT);
        if (Long.bitCount(alignment) != 1 || alignment > LARGEST_ALIGNMENT) {
            throw input.refuse(ALIGNMENT, "a power of two up to " + LARGEST_ALIGNMENT, String.valueOf(alignment));
        }
        return alignment;
    }

    private List<Row> readRows(int count) throws IOException {
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rows.add(readRow(i));
        }
        return rows;
    }

    private Row readRow(int index) throws IOException {
        String name = input.readString("the name of tensor " + index, LONGEST_TENSOR_NAME);
        requireName("the name of tensor " + index, name);
        String tensor = " of tensor " + name;
        long dimensions = input.readUnsignedInt("the number of dimensions" + tensor);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw input.refuse("the number of dimensions" + tensor, "1 to " + MOST_DIMENSIONS,
                    String.valueOf(dimensions));
        }
        List<Long> outermostFirst = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            long dimension = input.readLong("dimension " + i + tensor);
            if (dimension <= 0) {
                throw input.refuse("dimension " + i + tensor, "positive", String.valueOf(dimension));
            }
            outermostFirst.add(0, dimension);
        }
        long id = input.readUnsignedInt("the type" + tensor);
        TensorType type = TensorType.withId(id).orElseThrow(() -> input.refuse(
                "the type" + tensor, "one of " + TensorType.supported(), TensorType.ggmlName(id)));
        Shape shape = new Shape(outermostFirst);
        long offset = input.readLong("the offset" + tensor);
        return new Row(name, type, shape, offset, bytes(name, type, shape));
    }

    private long bytes(String name, TensorType type, Shape shape) {
        long innermost = shape.dimensions().get(shape.dimensions().size() - 1);
        if (innermost % type.elementsPerBlock() != 0) {
            throw input.refuse("the first dimension of tensor " + name,
                    "a multiple of " + type.elementsPerBlock() + ", the block size of " + type,
                    String.valueOf(innermost));
        }
        try {
            return Math.multiplyExact(shape.elements() / type.elementsPerBlock(), (long) type.bytesPerBlock());
        } catch (ArithmeticException e) {
            throw input.refuse("the size of tensor " + name, "less than 2^63 bytes", "that of shape " + shape);
        }
    }

    /** Checks that the tensors follow one another, aligned and without gaps, and end inside the file. */
    private GgufFile place(GgufMetadata metadata, List<Row> rows, long alignment) {
        long dataStart = aligned(input.position(), alignment);
        long available = input.size() - dataStart;
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        long expected = 0;
        long end = 0;
        for (Row row : rows) {
            if (row.offset() != expected) {
                throw input.refuse("the offset of tensor " + row.name(),
                        expected + ", where the tensor before it ends, aligned to " + alignment + " bytes",
                        Long.toUnsignedString(row.offset()));
            }
            // Compared by subtraction, for a sum of declared sizes may overflow.
            if (row.bytes() > available - expected) {
                throw input.refuse("the data of tensor " + row.name(),
                        row.bytes() + " bytes long from offset " + row.offset(),
                        "cut short by the end of the file, which leaves " + Math.max(0, available - expected));
            }
            end = expected + row.bytes();
            expected = aligned(end, alignment);
            StoredTensor tensor = new StoredTensor(
                    path, input.size(), row.name(), row.type(), row.shape(), dataStart + row.offset(),
                    RowOrder.AS_STORED);
            if (tensors.put(row.name(), tensor) != null) {
                throw input.refuse("tensor " + row.name(), "in the tensor table once", "there twice");
            }
        }
        // Writers pad the last tensor too, or do not; both are common.
        if (available > expected) {
            warnings.add(String.format(
                    Locale.ROOT, "%s has %d bytes after its last tensor, which nothing refers to.",
                    path, available - end));
        }
        return new GgufFile(path, metadata, tensors, List.copyOf(warnings));
    }

    private void requireName(String what, String name) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw input.refuse(what, "a word of printable ASCII letters", name.isEmpty() ? "empty" : quoted(name));
        }
    }

    private static String quoted(String name) {
        return '"' + name.replaceAll("[^!-~]", "?") + '"';
    }

    private static long aligned(long position, long alignment) {
        return (position + alignment - 1) / alignment * alignment;
    }
}
