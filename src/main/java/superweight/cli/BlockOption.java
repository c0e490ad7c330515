package superweight.cli;

import com.google.gson.JsonPrimitive;
import superweight.InvalidInputException;
import superweight.quantize.BlockSize;
import superweight.quantize.Blocks;

/** A block size as it is typed: a number of consecutive weights, or {@code tensor}. */
record BlockOption(BlockSize size) {
    private static final String TENSOR = "tensor";

    /**
     * Reads a block size.
     *
     * @param option the option it was typed for, with its whole value
     */
    static BlockOption parse(String typed, String option) {
        return new BlockOption(typed.equals(TENSOR) ? BlockSize.WHOLE : BlockSize.of(number(typed, option)));
    }

    private static int number(String typed, String option) {
        try {
            int length = Integer.parseInt(typed);
            if (length > 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is too small.
        }
        throw new InvalidInputException("The block size '" + typed + "' in " + option
                + " is neither a whole number of weights from 1 to 2147483647 nor '" + TENSOR + "'.");
    }

    /** Runs of that length, a last one that is shorter by itself, or the whole matrix. */
    Blocks blocks() {
        return size.blocks();
    }

    /** As JSON documents have it: a number, or {@code "tensor"}. */
    JsonPrimitive json() {
        return size.length().isPresent()
                ? new JsonPrimitive(size.length().getAsInt())
                : new JsonPrimitive(TENSOR);
    }

    @Override
    public String toString() {
        return json().getAsString();
    }
}
