package superweight.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import superweight.InvalidInputException;
import superweight.Sha256;

/**
 * A text that perplexity is measured on.
 *
 * @param name {@code wikitext2}, {@code bundled}, {@code held-out}, or a file's name
 * @param text the whole text, tokenized as one string
 * @param sha256 of the text's UTF-8 bytes
 */
public record EvaluationText(String name, String text, String sha256) implements WindowedText {
    private static final String WIKITEXT2_FILE = "wiki.test.raw";

    /** Of the rows joined; two runs on texts of one name can then be compared. */
    private static final String WIKITEXT2_SHA256 =
            "696cca6b65a171b0a358a4be6732cdfdf2dd6164a32e20fd70e3c13fc4dfae83";

    private static EvaluationText of(String name, String text) {
        return new EvaluationText(name, text, Sha256.of(text));
    }

    /** WikiText-2 where a data folder is given, else the text that ships with this project. */
    public static EvaluationText fromDataFolder(Optional<Path> data) {
        return data.map(EvaluationText::wikitext2).orElseGet(EvaluationText::bundled);
    }

    /**
     * The raw test split of WikiText-2, put together as the paper's evaluation does (GPTQ's
     * setting): rows are lines with their newline, a blank line is an empty row, and rows are joined
     * by two newlines.
     *
     * @param data folder that holds {@code wiki.test.raw}
     * @throws InvalidInputException if there is no such file, or it is another text
     */
    public static EvaluationText wikitext2(Path data) {
        Path file = data.resolve(WIKITEXT2_FILE);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("The data folder " + data + " holds no file "
                    + WIKITEXT2_FILE + " (the raw test split of WikiText-2).");
        }
        EvaluationText text = of("wikitext2", joinedRows(utf8(file)));
        if (!text.sha256.equals(WIKITEXT2_SHA256)) {
            throw new InvalidInputException("The file " + file + " is not the raw test split of WikiText-2:"
                    + " its rows joined have the SHA-256 " + text.sha256 + " instead of " + WIKITEXT2_SHA256 + ".");
        }
        return text;
    }

    static String joinedRows(String raw) {
        return raw.lines()
                .map(line -> line.isBlank() ? "" : line + "\n")
                .collect(Collectors.joining("\n\n"));
    }

    /** Encyclopedic prose written for this project, about 14,700 tokens on thirty-one subjects. */
    public static EvaluationText bundled() {
        return of("bundled", resource("evaluation.txt"));
    }

    /** More such prose on other subjects, to choose things on without touching the evaluation text. */
    public static EvaluationText heldOut() {
        return of("held-out", resource("held-out.txt"));
    }

    /** A text file in UTF-8, as it is; a pipe will do. */
    public static EvaluationText file(Path file) {
        if (!Files.exists(file) || Files.isDirectory(file)) {
            throw new InvalidInputException("There is no text file " + file + ".");
        }
        return of(file.getFileName().toString(), utf8(file));
    }

    /** Tokenized as one string and cut into windows that do not overlap; a remainder is dropped. */
    @Override
    public List<int[]> windows(Function<String, int[]> encode, int window, int most) {
        return Perplexity.windows(encode.apply(text), window).stream().limit(most).toList();
    }

    /** A whole text file, refused unless every byte of it is UTF-8. */
    static String utf8(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    "The text file " + file + " is not UTF-8 throughout.", e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "The text file " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = EvaluationText.class.getResourceAsStream("/superweight/texts/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
