package superweight.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import superweight.Sha256;

/**
 * A list of stopwords, fixed before anything was measured with it; the paper has none.
 *
 * @param classes the words of each word class, in the file's order; marks of punctuation are a class of their own
 * @param sha256 of the file
 */
public record Stopwords(Map<String, List<String>> classes, String sha256) {
    private static final String FILE = "/superweight/stopwords.txt";
    private static final String MARKS = "punctuation";

    public Stopwords {
        classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
    }

    /** The list that ships with this project: English function words by word class, and punctuation. */
    public static Stopwords bundled() {
        try (InputStream in = Stopwords.class.getResourceAsStream(FILE)) {
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One class a line: its name, a colon, its entries with a blank before each; a comment begins with #. */
    static Stopwords of(String file) {
        Map<String, List<String>> classes = new LinkedHashMap<>();
        file.lines().filter(line -> !line.startsWith("# ")).forEach(line -> {
            String[] nameAndEntries = line.split(": ", 2);
            classes.put(nameAndEntries[0], List.of(nameAndEntries[1].split(" ")));
        });
        return new Stopwords(classes, Sha256.of(file));
    }

    /**
     * What tokens count as, in their order.
     *
     * <p>A token is a stopword if it is one of the list's as a {@linkplain Token#word word}. It is punctuation if it
     * consists of marks of the list only, so {@code ."} is too.
     *
     * @param texts tokens, each decoded by itself
     */
    public List<TokenKind> kinds(List<String> texts) {
        Set<String> words = classes.entrySet().stream()
                .filter(each -> !each.getKey().equals(MARKS))
                .flatMap(each -> each.getValue().stream())
                .collect(Collectors.toUnmodifiableSet());
        Set<Integer> marks = classes.getOrDefault(MARKS, List.of()).stream()
                .map(mark -> mark.codePointAt(0))
                .collect(Collectors.toUnmodifiableSet());
        return texts.stream().map(text -> kind(Token.word(text), words, marks)).toList();
    }

    private static TokenKind kind(String word, Set<String> words, Set<Integer> marks) {
        if (words.contains(word)) {
            return TokenKind.STOPWORD;
        }
        return !word.isEmpty() && word.codePoints().allMatch(marks::contains) ? TokenKind.PUNCTUATION : TokenKind.OTHER;
    }

    /** The list as its file has it, a line a class. */
    @Override
    public String toString() {
        return classes.entrySet().stream()
                .map(each -> each.getKey() + ": " + String.join(" ", each.getValue()))
                .collect(Collectors.joining("\n"));
    }
}
