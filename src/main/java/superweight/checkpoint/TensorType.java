package superweight.checkpoint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the numbers of a tensor are stored: blocks of a fixed number of elements and bytes, which are single numbers
 * in the types that safetensors has too.
 *
 * <p>A quantized block holds one float16 scale {@code d} (and for Q4_1 one float16 minimum
 * {@code m}) and a small integer {@code q} per element. Decoding is done in float32 and agrees bit
 * for bit with ggml. In a block of 4-bit integers the low halves of the bytes are the first 16
 * elements, the high halves the last 16.
 */
public enum TensorType {
    F32(0, 1, 4, TensorType::decodeF32),
    F16(1, 1, 2, TensorType::decodeF16),
    Q4_0(2, 32, 2 + 16, TensorType::decodeQ40),
    Q4_1(3, 32, 2 + 2 + 16, TensorType::decodeQ41),
    Q8_0(8, 32, 2 + 32, TensorType::decodeQ80),
    BF16(30, 1, 2, TensorType::decodeBF16);

    /** ggml's own names by id, so that a type that is not decoded here is refused by its name. */
    private static final List<String> GGML_NAMES = List.of(
            "F32", "F16", "Q4_0", "Q4_1", "Q4_2", "Q4_3", "Q5_0", "Q5_1", "Q8_0", "Q8_1",
            "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S",
            "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M",
            "BF16", "Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8", "TQ1_0", "TQ2_0", "IQ4_NL_4_4", "IQ4_NL_4_8", "IQ4_NL_8_8",
            "MXFP4", "NVFP4", "Q1_0");

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int id;
    private final int elementsPerBlock;
    private final int bytesPerBlock;
    private final Decoder decoder;

    TensorType(int id, int elementsPerBlock, int bytesPerBlock, Decoder decoder) {
        this.id = id;
        this.elementsPerBlock = elementsPerBlock;
        this.bytesPerBlock = bytesPerBlock;
        this.decoder = decoder;
    }

    /** Decodes the first {@code blocks} blocks of {@code bytes} into {@code values}. */
    private interface Decoder {
        void decode(byte[] bytes, int blocks, float[] values);
    }

    /** The type with ggml's number {@code id}, if it is one that can be decoded. */
    static Optional<TensorType> withId(long id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }

    /** What ggml calls the type with number {@code id}, known here or not. */
    static String ggmlName(long id) {
        return id >= 0 && id < GGML_NAMES.size() ? GGML_NAMES.get((int) id) : "the unknown type number " + id;
    }

    /** The type that safetensors calls {@code dtype}, if it is one that can be decoded; it has no quantized ones. */
    static Optional<TensorType> withSafetensorsName(String dtype) {
        return Arrays.stream(values()).filter(type -> type.isPlain() && type.name().equals(dtype)).findFirst();
    }

    /** All types that can be decoded from safetensors, for messages. */
    static String supportedBySafetensors() {
        return Arrays.stream(values())
                .filter(TensorType::isPlain)
                .map(TensorType::name)
                .collect(Collectors.joining(", "));
    }

    /** All types that can be decoded, for messages: {@code F32, F16, ...}. */
    static String supported() {
        return Arrays.stream(values()).map(TensorType::name).collect(Collectors.joining(", "));
    }

    private boolean isPlain() {
        return elementsPerBlock == 1;
    }

    public int id() {
        return id;
    }

    public int elementsPerBlock() {
        return elementsPerBlock;
    }

    public int bytesPerBlock() {
        return bytesPerBlock;
    }

    /**
     * Decodes whole blocks to float32.
     *
     * @param bytes at least {@code blocks * bytesPerBlock()} bytes
     * @param values receives {@code blocks * elementsPerBlock()} numbers
     */
    public void decode(byte[] bytes, int blocks, float[] values) {
        decoder.decode(bytes, blocks, values);
    }

    private static void decodeF32(byte[] bytes, int blocks, float[] values) {
        for (int i = 0; i < blocks; i++) {
            values[i] = Float.intBitsToFloat((int) INT.get(bytes, 4 * i));
        }
    }

    private static void decodeF16(byte[] bytes, int blocks, float[] values) {
        for (int i = 0; i < blocks; i++) {
            values[i] = float16(bytes, 2 * i);
        }
    }

    /** bfloat16 is the upper half of a float32. */
    private static void decodeBF16(byte[] bytes, int blocks, float[] values) {
        for (int i = 0; i < blocks; i++) {
            values[i] = Float.intBitsToFloat((short) SHORT.get(bytes, 2 * i) << 16);
        }
    }

    private static void decodeQ40(byte[] bytes, int blocks, float[] values) {
        for (int block = 0; block < blocks; block++) {
            int from = 18 * block;
            int to = 32 * block;
            float d = float16(bytes, from);
            for (int i = 0; i < 16; i++) {
                int pair = bytes[from + 2 + i];
                values[to + i] = ((pair & 0xF) - 8) * d;
                values[to + 16 + i] = ((pair >> 4 & 0xF) - 8) * d;
            }
        }
    }

    private static void decodeQ41(byte[] bytes, int blocks, float[] values) {
        for (int block = 0; block < blocks; block++) {
            int from = 20 * block;
            int to = 32 * block;
            float d = float16(bytes, from);
            float m = float16(bytes, from + 2);
            for (int i = 0; i < 16; i++) {
                int pair = bytes[from + 4 + i];
                values[to + i] = (pair & 0xF) * d + m;
                values[to + 16 + i] = (pair >> 4 & 0xF) * d + m;
            }
        }
    }

    private static void decodeQ80(byte[] bytes, int blocks, float[] values) {
        for (int block = 0; block < blocks; block++) {
            int from = 34 * block;
            int to = 32 * block;
            float d = float16(bytes, from);
            for (int i = 0; i < 32; i++) {
                values[to + i] = bytes[from + 2 + i] * d;
            }
        }
    }

    private static float float16(byte[] bytes, int at) {
        return Float16.toFloat((short) SHORT.get(bytes, at));
    }
}
