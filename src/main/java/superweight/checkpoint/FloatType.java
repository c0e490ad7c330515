package superweight.checkpoint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The floating-point types that weights are written in, by the names that PyTorch and {@code config.json} use. */
public enum FloatType {
    FLOAT32(TensorType.F32, FloatType::encode32),
    FLOAT16(TensorType.F16, FloatType::encode16),
    BFLOAT16(TensorType.BF16, FloatType::encodeB16);

    /** The types' names as an option's help lists them. */
    public static final String NAMES = "float32|float16|bfloat16";

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final TensorType stored;
    private final Encoder encoder;

    FloatType(TensorType stored, Encoder encoder) {
        this.stored = stored;
        this.encoder = encoder;
    }

    /** Encodes one number at its place. */
    private interface Encoder {
        void encode(float value, byte[] bytes, int index);
    }

    /** The floating-point type of a tensor; none where its file holds quantized blocks. */
    public static Optional<FloatType> of(TensorType type) {
        return Arrays.stream(values()).filter(each -> each.stored == type).findFirst();
    }

    /** The narrowest type that holds every number of tensors as their files store them. */
    public static FloatType common(Collection<TensorType> types) {
        Set<FloatType> distinct = types.stream().map(type -> of(type).orElse(FLOAT32)).collect(Collectors.toSet());
        return distinct.size() == 1 ? distinct.iterator().next() : FLOAT32;
    }

    /** How a file stores it. */
    public TensorType stored() {
        return stored;
    }

    public int bytes() {
        return stored.bytesPerBlock();
    }

    /**
     * Rounds numbers to the nearest of this type, of two equally near ones to the even one.
     *
     * @param values its first {@code count} are rounded
     * @param bytes receives {@code count * bytes()} bytes, little-endian
     */
    public void encode(float[] values, int count, byte[] bytes) {
        for (int i = 0; i < count; i++) {
            encoder.encode(values[i], bytes, i);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static void encode32(float value, byte[] bytes, int index) {
        INT.set(bytes, 4 * index, Float.floatToRawIntBits(value));
    }

    private static void encode16(float value, byte[] bytes, int index) {
        SHORT.set(bytes, 2 * index, Float16.fromFloat(value));
    }

    /** bfloat16 is the upper half of a float32. */
    private static void encodeB16(float value, byte[] bytes, int index) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            int payload = bits >> 16 & 0x7F;
            SHORT.set(bytes, 2 * index, (short) (bits >>> 16 | (payload == 0 ? 0x40 : 0))); // or it would be infinity
        } else {
            SHORT.set(bytes, 2 * index, (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16));
        }
    }
}
