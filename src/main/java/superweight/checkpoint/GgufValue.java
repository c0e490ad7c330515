package superweight.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One metadata value of a GGUF file.
 *
 * @param type what the file declares it to be
 * @param contents the elements of an array, or the single value otherwise: {@code Long} for every
 *     integer type, {@code Double} for every floating-point type, {@code Boolean} or {@code String}
 */
record GgufValue(Type type, List<Object> contents) {

    /** The declared type of a value; of an array, the {@code scalar} type of its elements. */
    record Type(Scalar scalar, Form form) {
        @Override
        public String toString() {
            return form == Form.ARRAY ? "an array of " + scalar.ggufName() : "of type " + scalar.ggufName();
        }
    }

    enum Form { SINGLE, ARRAY }

    /** The format's value types, except the array (number 9), in order of their numbers. */
    enum Scalar {
        UINT8(0, 1),
        INT8(1, 1),
        UINT16(2, 2),
        INT16(3, 2),
        UINT32(4, 4),
        INT32(5, 4),
        FLOAT32(6, 4),
        BOOL(7, 1),
        STRING(8, 8),
        UINT64(10, 8),
        INT64(11, 8),
        FLOAT64(12, 8);

        private final int id;
        private final int leastBytes;

        Scalar(int id, int leastBytes) {
            this.id = id;
            this.leastBytes = leastBytes;
        }

        static Optional<Scalar> withId(long id) {
            return Arrays.stream(values()).filter(scalar -> scalar.id == id).findFirst();
        }

        /** Bytes that every element takes at least: a string may be empty, its length is always there. */
        int leastBytes() {
            return leastBytes;
        }

        String ggufName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
