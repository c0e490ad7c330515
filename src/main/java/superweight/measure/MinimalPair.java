package superweight.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import superweight.InvalidInputException;
import superweight.Sha256;

/**
 * A cause and its opposite, and the words that end them: what follows from the one is what the other rules out.
 *
 * <p>Both endings occur with both contexts, so that a model which likes one word better, whatever came before, gets
 * half of them right; below half it says the opposite of what follows.
 *
 * @param context a sentence without its last word
 * @param opposite the same with the opposite cause
 * @param ending the word that ends {@code context}
 * @param oppositeEnding the word that ends {@code opposite}
 */
public record MinimalPair(String context, String opposite, String ending, String oppositeEnding) {
    private static final String FILE = "cause-and-effect.txt";

    /**
     * A hundred of everyday life, written for this project before anything was measured on them: forty, and sixty more
     * when the first had turned out to be too few to tell a changed model from guessing.
     */
    public static List<MinimalPair> bundled() {
        return text().lines().map(MinimalPair::parse).toList();
    }

    /** Of the file that they stand in. */
    public static String sha256() {
        return Sha256.of(text());
    }

    private static String text() {
        try (InputStream in = MinimalPair.class.getResourceAsStream("/superweight/prompts/" + FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads {@code context | opposite | ending | opposite ending}. */
    static MinimalPair parse(String line) {
        List<String> parts = Arrays.asList(line.split(" \\| ", -1));
        if (parts.size() != 4 || parts.stream().anyMatch(part -> part.isEmpty() || !part.equals(part.strip()))) {
            throw new InvalidInputException("A minimal pair is 'context | opposite | ending | opposite ending', not '"
                    + line + "'.");
        }
        return new MinimalPair(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
    }

    /** Each pair's two questions, the contexts in their order: which of the two words ends the sentence. */
    public static List<TaskItem> items(List<MinimalPair> pairs) {
        return pairs.stream().flatMap(pair -> List.of(
                        pair.question(pair.context, pair.ending, pair.oppositeEnding),
                        pair.question(pair.opposite, pair.oppositeEnding, pair.ending)).stream())
                .map(TaskItem.class::cast)
                .toList();
    }

    private TaskItem.MultipleChoice question(String text, String right, String wrong) {
        return new TaskItem.MultipleChoice(
                List.of(new Continuation(text, " " + right), new Continuation(text, " " + wrong)), 0);
    }
}
