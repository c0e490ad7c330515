package superweight.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import superweight.Sha256;

/**
 * Narrative passages without their last word: the prompts over which the paper averages next-token probabilities
 * (section 3.2; its code takes the text up to its last space).
 *
 * @param name {@code lambada_openai} or {@code bundled}
 * @param texts in the order of the data; no blank stands at an end
 */
public record LastWordContexts(String name, List<String> texts) {
    public LastWordContexts {
        texts = List.copyOf(texts);
    }

    /** LAMBADA where a data folder holds it, else the passages that ship with this project. */
    public static LastWordContexts fromDataFolder(Optional<Path> data) {
        return data.filter(ZeroShotTask.LAMBADA_OPENAI::isIn)
                .map(LastWordContexts::lambada)
                .orElseGet(LastWordContexts::bundled);
    }

    /**
     * The contexts of LAMBADA's test split, OpenAI's version.
     *
     * @param data folder that holds {@code lambada_openai.jsonl}
     * @throws superweight.InvalidInputException if it does not, or a row is not as it should be
     */
    public static LastWordContexts lambada(Path data) {
        return new LastWordContexts(
                ZeroShotTask.LAMBADA_OPENAI.toString(),
                ZeroShotTask.LAMBADA_OPENAI.items(data).stream()
                        .map(item -> item.continuations().get(0).context())
                        .toList());
    }

    /** A hundred passages like LAMBADA's, of 40 to 80 words, written for this project. */
    public static LastWordContexts bundled() {
        return new LastWordContexts(
                "bundled",
                bundledPassages().stream()
                        .map(passage -> passage.substring(0, passage.lastIndexOf(' ')))
                        .toList());
    }

    /** The same with their last word, one a line in the file. */
    static List<String> bundledPassages() {
        try (InputStream in = LastWordContexts.class.getResourceAsStream("/superweight/prompts/last-word.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of them, all where there are no more. */
    public LastWordContexts first(int most) {
        return new LastWordContexts(name, texts.stream().limit(most).toList());
    }

    /** Of the texts, each ended by a newline. */
    public String sha256() {
        return Sha256.of(String.join("\n", texts) + "\n");
    }
}
