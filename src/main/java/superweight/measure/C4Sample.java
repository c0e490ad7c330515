package superweight.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import superweight.InvalidInputException;
import superweight.Sha256;

/**
 * C4's validation documents and the sample of windows that GPTQ's evaluation takes from them (paper section 5 names
 * that setting): a document is drawn at random until one has more tokens than a window, then a place in it.
 *
 * @param documents in the file's order
 * @param sha256 of the file
 */
public record C4Sample(List<String> documents, String sha256) implements WindowedText {
    /** Where a data folder holds it; the name that it has in {@value #SOURCE}. */
    public static final String FILE = "en/c4-validation.00000-of-00008.json.gz";

    /** The data set of the model hub. */
    public static final String SOURCE = "allenai/c4";

    /** How many windows GPTQ draws. */
    private static final int WINDOWS = 256;

    /** What GPTQ seeds Python's generator with. */
    private static final int SEED = 0;

    public C4Sample {
        documents = List.copyOf(documents);
    }

    /** Whether a data folder has the file. */
    public static boolean isIn(Path data) {
        return Files.isRegularFile(data.resolve(FILE));
    }

    /**
     * Reads a compressed file of one JSON object a line, each with a {@code text}.
     *
     * @param data folder that holds {@value #FILE}
     * @throws InvalidInputException if it does not, or the file is cut off, not gzip, or a line is not as it should be
     */
    public static C4Sample read(Path data) {
        Path file = data.resolve(FILE);
        if (!isIn(data)) {
            throw new InvalidInputException("The data folder %s holds no file %s (of the model hub's %s)."
                    .formatted(data, FILE, SOURCE));
        }
        List<String> documents = documents(file);
        if (documents.isEmpty()) {
            throw new InvalidInputException("The file " + file + " holds no documents.");
        }
        return new C4Sample(documents, Sha256.of(file));
    }

    private static List<String> documents(Path file) {
        List<String> documents = new ArrayList<>();
        try (GZIPInputStream bytes = new GZIPInputStream(Files.newInputStream(file));
                BufferedReader lines = new BufferedReader(
                        // A decoder of one's own refuses what is not UTF-8, where a charset would replace it.
                        new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                documents.add(TaskRow.of(file, documents.size() + 1, line).textOrEmpty("text"));
            }
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("The text in the file " + file + " is not UTF-8 throughout.", e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "The file " + file + " cannot be read as gzip: " + e.getMessage() + ".", e);
        }
        return documents;
    }

    @Override
    public String name() {
        return "c4";
    }

    /** The windows that GPTQ draws, 256 at most, the same ones in the same order where the tokens are the same. */
    @Override
    public List<int[]> windows(Function<String, int[]> encode, int window, int most) {
        Perplexity.checkWindow(window);
        PythonRandom random = new PythonRandom(SEED);
        BitSet tooShort = new BitSet(documents.size());
        List<int[]> windows = new ArrayList<>();
        while (windows.size() < Math.min(most, WINDOWS)) {
            int document = random.below(documents.size());
            int[] ids = encode.apply(documents.get(document));
            if (ids.length > window) {
                int from = random.below(ids.length - window);
                windows.add(Arrays.copyOfRange(ids, from, from + window));
            } else {
                tooShort.set(document);
                if (tooShort.cardinality() == documents.size()) {
                    throw new InvalidInputException("No document of C4's file has more than " + window
                            + " tokens, so no window can be taken from one.");
                }
            }
        }
        return windows;
    }
}
