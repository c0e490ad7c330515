package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.InvalidInputException;
import superweight.Sha256;

class C4SampleTest {
    /** Of 3, 9, 8, 12, 8 and 30 tokens; a token tells its document and its place. */
    private static final C4Sample SAMPLE = new C4Sample(List.of("0 3", "1 9", "2 8", "3 12", "4 8", "5 30"), "hash");

    @TempDir
    private Path folder;

    /** What {@code random.seed(0)}, a document's {@code randint} until it is longer than 8, and a place's give in Python. */
    @Test
    void windowsAreTheOnesThatGptqDraws() {
        List<Integer> begins = SAMPLE.windows(C4SampleTest::ids, 8, 5).stream().map(window -> window[0]).toList();
        assertEquals(List.of(3003, 3003, 3002, 1000, 1000), begins);
    }

    @Test
    void aWindowIsOneDocumentsTokensInTheirOrder() {
        for (int[] window : SAMPLE.windows(C4SampleTest::ids, 8, 40)) {
            assertEquals(IntStream.range(window[0], window[0] + 8).boxed().toList(),
                    Arrays.stream(window).boxed().toList());
            assertTrue(List.of(1, 3, 5).contains(window[7] / 1000), () -> Arrays.toString(window));
        }
    }

    @Test
    void fewerWindowsAreTheFirstOfMoreAndNeverMoreThan256() {
        List<int[]> all = SAMPLE.windows(C4SampleTest::ids, 8, Integer.MAX_VALUE);
        assertEquals(256, all.size());
        List<int[]> few = SAMPLE.windows(C4SampleTest::ids, 8, 3);
        assertEquals(3, few.size());
        IntStream.range(0, 3).forEach(i -> assertTrue(Arrays.equals(all.get(i), few.get(i))));
    }

    @Test
    void refusesWindowsThatNoDocumentFills() {
        assertEquals("No document of C4's file has more than 30 tokens, so no window can be taken from one.",
                assertThrows(InvalidInputException.class, () -> SAMPLE.windows(C4SampleTest::ids, 30, 1)).getMessage());
        assertThrows(InvalidInputException.class, () -> SAMPLE.windows(C4SampleTest::ids, 1, 1));
    }

    @Test
    void documentsAreReadInTheirOrderWhateverElseARowHolds() throws IOException {
        assertFalse(C4Sample.isIn(folder));
        Path file = write("""
                {"text":"caf\u00e9\\nand more","timestamp":"2019-04-25T12:57:54Z","url":"https://example.org/a"}
                {"url":"https://example.org/b","text":""}
                """);
        assertTrue(C4Sample.isIn(folder));
        C4Sample read = C4Sample.read(folder);
        assertEquals(List.of("caf\u00e9\nand more", ""), read.documents());
        assertEquals(Sha256.of(file), read.sha256());
        assertEquals("c4", read.name());
    }

    @Test
    void refusesALineThatIsNoDocument() throws IOException {
        Path file = write("{\"text\":\"a\"}\n{\"text\":\"b\"\n");
        assertEquals("The file " + file + ", line 2: expected one JSON object with every field once,"
                + " found {\"text\":\"b\".", refusal());
        write("{\"text\":7}\n");
        assertEquals("The file " + file + ", line 1: expected a text in the field text, found 7.", refusal());
        write("{\"url\":\"u\"}\n");
        assertEquals("The file " + file + ", line 1: expected a value in the field text, found no field of that name.",
                refusal());
        write("");
        assertEquals("The file " + file + " holds no documents.", refusal());
    }

    @Test
    void refusesAFileThatIsMissingCutOffOrNotWhatItsNameSays() throws IOException {
        assertEquals("The data folder " + folder + " holds no file en/c4-validation.00000-of-00008.json.gz"
                + " (of the model hub's allenai/c4).", refusal());
        Path file = write("{\"text\":\"" + "many words ".repeat(50) + "\"}\n");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 12));
        assertTrue(refusal().startsWith("The file " + file + " cannot be read as gzip: "), this::refusal);
        Files.writeString(file, "{\"text\":\"not compressed\"}\n");
        assertEquals("The file " + file + " cannot be read as gzip: Not in GZIP format.", refusal());
        write("{\"text\":\"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("The text in the file " + file + " is not UTF-8 throughout.", refusal());
    }

    private String refusal() {
        return assertThrows(InvalidInputException.class, () -> C4Sample.read(folder)).getMessage();
    }

    private Path write(String lines) throws IOException {
        return write(lines.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(byte[] lines) throws IOException {
        Path file = folder.resolve(C4Sample.FILE);
        Files.createDirectories(file.getParent());
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(lines);
        }
        return file;
    }

    private static int[] ids(String document) {
        String[] numberAndLength = document.split(" ");
        int first = 1000 * Integer.parseInt(numberAndLength[0]);
        return IntStream.range(first, first + Integer.parseInt(numberAndLength[1])).toArray();
    }
}
