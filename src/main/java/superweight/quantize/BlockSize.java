package superweight.quantize;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * How many weights share one step: so many consecutive ones, or all of a matrix.
 *
 * @param length none for a whole matrix
 */
public record BlockSize(OptionalInt length) {
    private static final String TENSOR = "tensor";

    /** The whole of each matrix. */
    public static final BlockSize WHOLE = new BlockSize(OptionalInt.empty());

    public static BlockSize of(int length) {
        return new BlockSize(OptionalInt.of(length));
    }

    /** By its name in {@code notebooks/sizes.csv}: a number without marks, or {@code tensor}. */
    public static BlockSize named(String name) {
        return name.equals(TENSOR) ? WHOLE : of(Integer.parseInt(name));
    }

    /** Runs of that length, a last one that is shorter by itself, or the whole matrix. */
    public Blocks blocks() {
        return length.isPresent() ? new Blocks.Runs(length.getAsInt()) : new Blocks.Whole();
    }

    /** In a sentence: {@code blocks of 1,024}, {@code whole matrices}. */
    public String phrase() {
        return length.isPresent() ? "blocks of " + this : "whole matrices";
    }

    /** As tables have it: {@code 1,024}, {@code tensor}. */
    @Override
    public String toString() {
        return length.isPresent() ? String.format(Locale.ROOT, "%,d", length.getAsInt()) : TENSOR;
    }
}
