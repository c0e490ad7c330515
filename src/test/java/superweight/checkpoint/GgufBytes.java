package superweight.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Writes GGUF files, right ones and wrong ones: everything a file can lie about can be set apart
 * from what is really written.
 */
final class GgufBytes {
    static final int UINT8 = 0;
    static final int INT8 = 1;
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int UINT64 = 10;
    static final int F32 = TensorType.F32.id();

    private record Pair(byte[] key, byte[] typeAndValue) {}

    private record Row(String name, long[] dimensions, int type, OptionalLong offset, byte[] data) {}

    private String magic = "GGUF";
    private int version = 3;
    private OptionalLong tensorCount = OptionalLong.empty();
    private OptionalLong pairCount = OptionalLong.empty();
    private int alignment = 32;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    GgufBytes magic(String letters) {
        magic = letters;
        return this;
    }

    GgufBytes version(int number) {
        version = number;
        return this;
    }

    GgufBytes tensorCount(long declared) {
        tensorCount = OptionalLong.of(declared);
        return this;
    }

    GgufBytes pairCount(long declared) {
        pairCount = OptionalLong.of(declared);
        return this;
    }

    /** Adds a pair even if the key is there already; the value is written as given. */
    GgufBytes pair(String key, int type, byte[] value) {
        return pair(key.getBytes(StandardCharsets.UTF_8), type, value);
    }

    GgufBytes pair(byte[] key, int type, byte[] value) {
        pairs.add(new Pair(key, join(int32(type), value)));
        return this;
    }

    GgufBytes string(String key, String value) {
        return pair(key, STRING, text(value));
    }

    GgufBytes uint32(String key, int value) {
        return pair(key, UINT32, int32(value));
    }

    GgufBytes float32(String key, float value) {
        return pair(key, FLOAT32, int32(Float.floatToRawIntBits(value)));
    }

    GgufBytes bool(String key, int value) {
        return pair(key, BOOL, new byte[] {(byte) value});
    }

    GgufBytes strings(String key, List<String> values) {
        byte[] elements = join(values.stream().map(GgufBytes::text).toArray(byte[][]::new));
        return array(key, STRING, values.size(), elements);
    }

    GgufBytes int32s(String key, List<Integer> values) {
        byte[] elements = join(values.stream().map(GgufBytes::int32).toArray(byte[][]::new));
        return array(key, INT32, values.size(), elements);
    }

    GgufBytes array(String key, int elementType, long declaredCount, byte[] elements) {
        return pair(key, ARRAY, join(int32(elementType), int64(declaredCount), elements));
    }

    GgufBytes without(String key) {
        byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
        if (!pairs.removeIf(pair -> Arrays.equals(pair.key(), wanted))) {
            throw new IllegalArgumentException("no key " + key);
        }
        return this;
    }

    GgufBytes withoutTensor(String name) {
        if (!rows.removeIf(row -> row.name().equals(name))) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return this;
    }

    /** Where the tensors really go; a file that says so in its metadata must agree. */
    GgufBytes aligned(int bytes) {
        alignment = bytes;
        return this;
    }

    /** Adds a tensor at the next free place; dimensions innermost first, as the format has them. */
    GgufBytes tensor(String name, int type, byte[] data, long... dimensions) {
        rows.add(new Row(name, dimensions, type, OptionalLong.empty(), data));
        return this;
    }

    GgufBytes tensorAt(long offset, String name, int type, byte[] data, long... dimensions) {
        rows.add(new Row(name, dimensions, type, OptionalLong.of(offset), data));
        return this;
    }

    GgufBytes floats(String name, float[] values, long... dimensions) {
        ByteBuffer data = littleEndian(4 * values.length);
        data.asFloatBuffer().put(values);
        return tensor(name, F32, data.array(), dimensions);
    }

    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(magic.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(int32(version));
        out.writeBytes(int64(tensorCount.orElse(rows.size())));
        out.writeBytes(int64(pairCount.orElse(pairs.size())));
        for (Pair pair : pairs) {
            out.writeBytes(int64(pair.key().length));
            out.writeBytes(pair.key());
            out.writeBytes(pair.typeAndValue());
        }
        long next = 0;
        for (Row row : rows) {
            out.writeBytes(text(row.name()));
            out.writeBytes(int32(row.dimensions().length));
            for (long dimension : row.dimensions()) {
                out.writeBytes(int64(dimension));
            }
            out.writeBytes(int32(row.type()));
            out.writeBytes(int64(row.offset().orElse(next)));
            next = (next + row.data().length + alignment - 1) / alignment * alignment;
        }
        for (Row row : rows) {
            pad(out);
            out.writeBytes(row.data());
        }
        pad(out);
        return out.toByteArray();
    }

    Path writeTo(Path file) {
        try {
            return Files.write(file, toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return join(int64(bytes.length), bytes);
    }

    static byte[] int32(int value) {
        return littleEndian(4).putInt(value).array();
    }

    static byte[] int64(long value) {
        return littleEndian(8).putLong(value).array();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private void pad(ByteArrayOutputStream out) {
        while (out.size() % alignment != 0) {
            out.write(0);
        }
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
