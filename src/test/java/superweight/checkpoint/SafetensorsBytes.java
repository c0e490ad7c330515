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
import java.util.List;

/** Writes safetensors files: right ones from tensors, any from a header as text. */
final class SafetensorsBytes {
    private record Row(String name, String dtype, Shape shape, byte[] data) {}

    private final List<Row> rows = new ArrayList<>();

    SafetensorsBytes tensor(String name, String dtype, byte[] data, long... shape) {
        rows.add(new Row(name, dtype, Shape.of(shape), data));
        return this;
    }

    SafetensorsBytes floats(String name, float[] values, Shape shape) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        rows.add(new Row(name, "F32", shape, data.array()));
        return this;
    }

    SafetensorsBytes without(String name) {
        if (!rows.removeIf(row -> row.name().equals(name))) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return this;
    }

    /** Only the tensors whose names match. */
    SafetensorsBytes only(String expression) {
        SafetensorsBytes some = new SafetensorsBytes();
        rows.stream().filter(row -> row.name().matches(expression)).forEach(some.rows::add);
        return some;
    }

    byte[] toBytes() {
        List<String> entries = new ArrayList<>();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (Row row : rows) {
            int begin = data.size();
            data.writeBytes(row.data());
            entries.add(entry(row.name(), row.dtype(), row.shape().toString(), begin, data.size()));
        }
        return file("{\"__metadata__\":{\"format\":\"pt\"}" + (entries.isEmpty() ? "" : ",")
                + String.join(",", entries) + "}", data.toByteArray());
    }

    Path writeTo(Path file) {
        return write(file, toBytes());
    }

    static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One member of the header. */
    static String entry(String name, String dtype, String shape, long begin, long end) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape
                + ",\"data_offsets\":[" + begin + "," + end + "]}";
    }

    static byte[] file(String header, byte... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return file(text.length, text, data);
    }

    static byte[] file(long declaredLength, byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(declaredLength)
                .put(header)
                .put(data)
                .array();
    }

    /** Bytes that are not all the same, so that a wrong place shows. */
    static byte[] data(int count) {
        byte[] data = new byte[count];
        for (int i = 0; i < count; i++) {
            data[i] = (byte) (i * 37 + 11);
        }
        return data;
    }
}
