package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.InvalidInputException;
import superweight.measure.ZeroShotTask;

class SizesTest {
    private static final String HEADER = "notebook,name,small,default,full,what\n";
    private static final Pattern ASKED = Pattern.compile("run\\.(?:size|words)\\(\"([^\"]+)\"\\)");

    @TempDir
    Path folder;

    @Test
    void aRowHasANumberOrWordsForEachSize() throws IOException {
        Sizes sizes = read("02,windows,2,10,all,windows\n02,tasks,a,a b,a b c,\"tasks, by name\"\n");
        Sizes.Row windows = sizes.of("02", "windows");
        assertEquals(List.of(2, 10, Sizes.ALL), Stream.of(Run.Size.values()).map(windows::count).toList());
        assertEquals(List.of("a", "b"), sizes.of("02", "tasks").words(Run.Size.DEFAULT));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '!', textBlock = """
            02,windows,,10,all,w       | line 2, column small: expected a value, found "".
            02,windows,2,10,all,       | line 2, column what: expected a value, found "".
            ,windows,2,10,all,w        | line 2, column notebook: expected a value, found "".
            02,tasks,a,a  b,c,w        | line 2, column default: expected words with single blanks between them, found "a  b".
            02,windows,2,10,w          | line 2, column 6: expected 6 columns, found 5.
            02,w,2,10,9,w~02,w,1,2,3,w | line 3, column name: expected a name not used before for 02 (line 2 has it), found "w".
            """)
    void refusesAMalformedRowAndSaysWhere(String rows, String sentence) {
        assertEquals("sizes.csv, " + sentence,
                assertThrows(InvalidInputException.class, () -> read(rows.replace('~', '\n') + "\n")).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"ten", "0", "-3", "1.5", "9999999999", "All"})
    void aFaultInTheNumberOfAFullRunShowsInASmallOne(String cell) throws IOException {
        Sizes.Row row = read("02,windows,2,10," + cell + ",w\n").of("02", "windows");
        assertEquals("sizes.csv, line 2, column full: expected a whole number from 1 to 999999999, or all, found \""
                + cell + "\".",
                assertThrows(InvalidInputException.class, () -> row.count(Run.Size.SMALL)).getMessage());
    }

    @Test
    void refusesARowThatTheFileDoesNotHave() throws IOException {
        Sizes sizes = read("02,windows,2,10,all,w\n");
        assertEquals("sizes.csv: expected a row \"windows\" for notebook 03, found none.",
                assertThrows(InvalidInputException.class, () -> sizes.of("03", "windows")).getMessage());
    }

    @Test
    void theNotebooksAskForWhatStandsInTheFileAndForNothingElse() throws IOException {
        Checkout checkout = Checkout.current();
        Set<List<String>> asked = new TreeSet<>(Comparator.comparing(List::toString));
        for (Path notebook : notebooks(checkout.notebooks())) {
            String name = notebook.getFileName().toString().replace(".ipynb", "");
            ASKED.matcher(code(notebook)).results().map(MatchResult::group)
                    .forEach(call -> asked.add(List.of(name, ASKED.matcher(call).replaceFirst("$1"))));
        }
        Set<List<String>> there = new TreeSet<>(Comparator.comparing(List::toString));
        Sizes.read(checkout.sizes()).rows().forEach(row ->
                there.add(List.of(row.cells().text("notebook"), row.cells().text("name"))));
        assertEquals(asked, there);
        assertFalse(there.isEmpty());
    }

    @Test
    void theTasksThatItNamesExist() {
        Sizes.read(Checkout.current().sizes()).rows().stream()
                .filter(row -> row.cells().text("name").equals("tasks"))
                .flatMap(row -> Stream.of(Run.Size.values()).flatMap(size -> row.words(size).stream()))
                .forEach(task -> assertEquals(task, ZeroShotTask.named(task).toString()));
        String sentence = assertThrows(InvalidInputException.class, () -> ZeroShotTask.named("PIQA")).getMessage();
        assertTrue(sentence.startsWith("There is no zero-shot task \"PIQA\"; there are: lambada_openai, "), sentence);
    }

    private Sizes read(String rows) throws IOException {
        return Sizes.read(Files.writeString(folder.resolve("sizes.csv"), HEADER + rows));
    }

    private static List<Path> notebooks(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".ipynb")).toList();
        }
    }

    private static String code(Path notebook) throws IOException {
        StringBuilder code = new StringBuilder();
        JsonParser.parseString(Files.readString(notebook)).getAsJsonObject().getAsJsonArray("cells").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(cell -> cell.get("cell_type").getAsString().equals("code"))
                .forEach(cell -> cell.getAsJsonArray("source").forEach(line -> code.append(line.getAsString())));
        return code.toString();
    }
}
