package superweight.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
public record EvaluationText(String name, String text, String sha256) {
    private static final String WIKITEXT2_FILE = "wiki.test.raw";

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
     */
    public static EvaluationText wikitext2(Path data) {
        Path file = data.resolve(WIKITEXT2_FILE);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("The data folder " + data + " holds no file "
                    + WIKITEXT2_FILE + " (the raw test split of WikiText-2).");
        }
        return of("wikitext2", utf8(file).lines()
                .map(line -> line.isBlank() ? "" : line + "\n")
                .collect(Collectors.joining("\n\n")));
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

    private static String utf8(Path file) {
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
