package superweight.report;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Data as bytes, and back to the last bit: records, lists, enums, numbers, truth values, words and arrays of numbers,
 * however nested.
 *
 * <p>Data that differs, if only in the class of a record, differs in its bytes. Whatever else an object may be, such as
 * a lambda, does not show all that it depends on, and is refused.
 */
final class RecordFormat {
    @FunctionalInterface
    private interface Writer<T> {
        void write(DataOutputStream out, T value) throws IOException;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    /** What is not made of other data. */
    private record Plain<T>(Class<T> type, Writer<T> writer, Reader<T> reader) {
        void write(DataOutputStream out, Object value) throws IOException {
            writer.write(out, type.cast(value));
        }
    }

    // Raw bits, since writeFloat and writeDouble know one NaN only.
    private static final Plain<Float> FLOAT = new Plain<>(Float.class,
            (out, value) -> out.writeInt(Float.floatToRawIntBits(value)), in -> Float.intBitsToFloat(in.readInt()));
    private static final Plain<Double> DOUBLE = new Plain<>(Double.class,
            (out, value) -> out.writeLong(Double.doubleToRawLongBits(value)),
            in -> Double.longBitsToDouble(in.readLong()));
    private static final Map<Class<?>, Plain<?>> PLAIN = Stream.of(
                    FLOAT,
                    DOUBLE,
                    new Plain<>(Integer.class, DataOutputStream::writeInt, DataInputStream::readInt),
                    new Plain<>(Long.class, DataOutputStream::writeLong, DataInputStream::readLong),
                    new Plain<>(Boolean.class, DataOutputStream::writeBoolean, DataInputStream::readBoolean),
                    new Plain<>(String.class, RecordFormat::writeWords, RecordFormat::readWords),
                    new Plain<>(int[].class, RecordFormat::writeInts, RecordFormat::readInts),
                    new Plain<>(float[].class, RecordFormat::writeFloats, RecordFormat::readFloats),
                    new Plain<>(double[].class, RecordFormat::writeDoubles, RecordFormat::readDoubles))
            .collect(Collectors.toUnmodifiableMap(Plain::type, Function.identity()));

    private RecordFormat() {}

    /** @throws IllegalArgumentException if {@code data}, or something in it, is not data */
    static byte[] write(Object data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #write} made of a list of records.
     *
     * @param type of the records
     * @throws IOException if the bytes are something else
     */
    static <R extends Record> List<R> readList(byte[] bytes, Class<R> type) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            List<R> records = readList(in, type).stream().map(type::cast).toList();
            expect(in.read() < 0, "nothing more");
            return records;
        }
    }

    private static void write(DataOutputStream out, Object data) throws IOException {
        if (data instanceof Record) {
            out.writeUTF(data.getClass().getName());
            for (RecordComponent component : data.getClass().getRecordComponents()) {
                write(out, value(component, data));
            }
        } else if (data instanceof List<?> list) {
            out.writeUTF(List.class.getName());
            out.writeInt(list.size());
            for (Object each : list) {
                write(out, each);
            }
        } else if (data instanceof Enum<?> constant) {
            out.writeUTF(constant.getDeclaringClass().getName());
            out.writeUTF(constant.name());
        } else if (data != null && PLAIN.containsKey(data.getClass())) {
            out.writeUTF(data.getClass().getName());
            PLAIN.get(data.getClass()).write(out, data);
        } else {
            throw notData(data == null ? "null" : data.getClass().getName());
        }
    }

    private static Object read(DataInputStream in, Type type) throws IOException {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return readList(in, list.getActualTypeArguments()[0]);
        }
        Class<?> wanted = MethodType.methodType((Class<?>) type).wrap().returnType(); // Integer for int
        expect(in.readUTF().equals(wanted.getName()), wanted.getName());
        if (wanted.isRecord()) {
            return readRecord(in, wanted);
        }
        if (wanted.isEnum()) {
            String name = in.readUTF();
            return Arrays.stream(wanted.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("expected one of " + wanted.getName()));
        }
        if (!PLAIN.containsKey(wanted)) {
            throw notData(wanted.getName());
        }
        return PLAIN.get(wanted).reader.read(in);
    }

    private static List<Object> readList(DataInputStream in, Type element) throws IOException {
        expect(in.readUTF().equals(List.class.getName()), "a list");
        List<Object> list = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            list.add(read(in, element));
        }
        return list;
    }

    private static Object readRecord(DataInputStream in, Class<?> type) throws IOException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(in, components[i].getGenericType());
        }
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true); // the class may be private to what measures
            return canonical.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IOException("expected what makes a " + type.getName(), e);
        }
    }

    private static Object value(RecordComponent component, Object owner) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record tells its components", e);
        }
    }

    private static IllegalArgumentException notData(String found) {
        return new IllegalArgumentException(
                "expected records, lists, enums, numbers, words or arrays of numbers, found " + found);
    }

    private static void expect(boolean holds, String what) throws IOException {
        if (!holds) {
            throw new IOException("expected " + what);
        }
    }

    private static void writeWords(DataOutputStream out, String words) throws IOException {
        byte[] utf8 = words.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String readWords(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static void writeInts(DataOutputStream out, int[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (int number : numbers) {
            out.writeInt(number);
        }
    }

    private static int[] readInts(DataInputStream in) throws IOException {
        int[] numbers = new int[in.readInt()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readInt();
        }
        return numbers;
    }

    private static void writeFloats(DataOutputStream out, float[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (float number : numbers) {
            FLOAT.write(out, number);
        }
    }

    private static float[] readFloats(DataInputStream in) throws IOException {
        float[] numbers = new float[in.readInt()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = FLOAT.reader.read(in);
        }
        return numbers;
    }

    private static void writeDoubles(DataOutputStream out, double[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (double number : numbers) {
            DOUBLE.write(out, number);
        }
    }

    private static double[] readDoubles(DataInputStream in) throws IOException {
        double[] numbers = new double[in.readInt()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = DOUBLE.reader.read(in);
        }
        return numbers;
    }
}
