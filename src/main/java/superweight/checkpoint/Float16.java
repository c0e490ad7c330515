package superweight.checkpoint;

/** IEEE 754 half precision to float32, exactly, and back, rounded; Java itself has these conversions from 20 on. */
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

    /** The nearest 16 bits, of two the even one; infinity from halfway beyond the largest on. NaNs stay NaNs. */
    static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            int payload = bits >> 13 & 0x3FF;
            return (short) (sign | 0x7C00 | (payload == 0 ? 0x200 : payload)); // without any it would be infinity
        }
        if (magnitude < 0x1p-14f) { // zero and subnormals: multiples of 2^-24
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
        }
        if (magnitude >= 65520f) {
            return (short) (sign | 0x7C00);
        }
        int rebiased = (bits & 0x7FFF_FFFF) - (127 - 15 << 23);
        return (short) (sign | rebiased + 0xFFF + (rebiased >> 13 & 1) >> 13);
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
