package superweight.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the model reads at once: a text, or several texts that begin alike, with their common beginning read once.
 *
 * <p>Endings follow the beginning one after the other. Each token sees the tokens of its own text up to itself and
 * stands at the position that it has there, so that every ending is read as if it were the only one.
 *
 * @param ids the beginning, then all endings
 * @param beginning how many of the ids are the beginning
 * @param endings how many ids each ending has; none for a single text
 */
public record Sequence(int[] ids, int beginning, List<Integer> endings) {
    public Sequence {
        endings = List.copyOf(endings);
        int length = beginning + endings.stream().mapToInt(Integer::intValue).sum();
        if (beginning < 0 || ids.length != length) {
            throw new IllegalArgumentException("a sequence of " + ids.length + " ids cannot have " + beginning
                    + " of them as its beginning and endings of " + endings);
        }
    }

    /** A single text. */
    public static Sequence of(int... ids) {
        return new Sequence(ids, ids.length, List.of());
    }

    /** Texts as one sequence that reads what all of them begin with only once. */
    public static Sequence sharingTheirBeginning(List<int[]> texts) {
        if (texts.size() == 1) {
            return of(texts.get(0));
        }
        int shared = texts.stream().mapToInt(text -> commonBeginning(texts.get(0), text)).min().orElse(0);
        IntStream endings = texts.stream().flatMapToInt(text -> Arrays.stream(text, shared, text.length));
        return new Sequence(
                IntStream.concat(Arrays.stream(texts.get(0), 0, shared), endings).toArray(),
                shared,
                texts.stream().map(text -> text.length - shared).toList());
    }

    private static int commonBeginning(int[] a, int[] b) {
        int difference = Arrays.mismatch(a, b);
        return difference < 0 ? a.length : difference;
    }

    /** How many tokens the model reads. */
    public int tokens() {
        return ids.length;
    }

    /** How many tokens the longest of its texts has. */
    public int longest() {
        return beginning + endings.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /**
     * Where a token of one of the texts stands among {@link #ids}.
     *
     * @param text which of the texts, in their order
     * @param position of the token in that text
     */
    public int index(int text, int position) {
        return position < beginning ? position : position + startOf(text) - beginning;
    }

    /** Where an ending begins among the ids. */
    private int startOf(int ending) {
        return beginning + endings.stream().limit(ending).mapToInt(Integer::intValue).sum();
    }

    /** The position of each token in its own text. */
    int[] positions() {
        return IntStream.concat(
                        IntStream.range(0, beginning),
                        endings.stream().flatMapToInt(length -> IntStream.range(beginning, beginning + length)))
                .toArray();
    }

    /** Whether each token sees all before it, as in a single text. */
    boolean isCausal() {
        return endings.stream().filter(length -> length > 0).count() < 2;
    }

    /** 0 where the token of a row sees that of a column, minus infinity elsewhere: {@code [T, T]}, row-major. */
    float[] mask() {
        int size = ids.length;
        float[] mask = new float[size * size];
        Arrays.fill(mask, Float.NEGATIVE_INFINITY);
        for (int row = 0; row < beginning; row++) {
            Arrays.fill(mask, row * size, row * size + row + 1, 0);
        }
        int start = beginning;
        for (int length : endings) {
            for (int row = start; row < start + length; row++) {
                Arrays.fill(mask, row * size, row * size + beginning, 0);
                Arrays.fill(mask, row * size + start, row * size + row + 1, 0);
            }
            start += length;
        }
        return mask;
    }
}
