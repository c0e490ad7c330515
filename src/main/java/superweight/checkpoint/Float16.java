package superweight.checkpoint;

/** IEEE 754 half precision to float32, exactly; Java has this conversion itself only from 20 on. */
final class Float16 {
    private static final int PATTERNS = 1 << 16;
    private static final float[] VALUES = new float[PATTERNS];

    static {
        for (int bits = 0; bits < PATTERNS; bits++) {
            VALUES[bits] = convert(bits);
        }
    }

    private Float16() {}

    /** The value of the 16 bits; NaNs keep their sign and payload. */
    static float toFloat(short bits) {
        return VALUES[bits & 0xFFFF];
    }

    private static float convert(int bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0) { // zero and subnormals: multiples of 2^-24, all of them normal in float32
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int widened = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | widened << 23 | fraction << 13);
    }
}
