package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.find.Planted;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.report.Results.Setting;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

class RunTest {
    @TempDir
    Path folder;

    @Test
    void withoutVariablesItRunsTheEmbeddedModelOnTheBundledText() {
        Run run = run(Map.of());
        assertEquals("smollm2-135m", run.model());
        assertEquals(new Setting("smollm2-135m", "bundled"), run.setting());
        assertTrue(run.data().isEmpty());
    }

    @Test
    void openedByHandItNeverWritesIntoTheCommittedResults() {
        assertEquals(folder.resolve("build/interactive/paper-tables/smollm2-135m/bundled"),
                run(Map.of()).tables());
    }

    @Test
    void aFolderWithWikitextNamesTheText() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        assertThrows(InvalidInputException.class,
                () -> run(Map.of("SUPERWEIGHT_DATA", data.toString())).setting().text());
        Files.writeString(data.resolve("wiki.test.raw"), "text");
        assertEquals("wikitext2", run(Map.of("SUPERWEIGHT_DATA", data.toString())).setting().text());
        assertEquals("bundled", run(Map.of("SUPERWEIGHT_DATA", "")).setting().text());
    }

    @Test
    void theSuperWeightsAreTheDirectorysOrElseFound() throws IOException {
        Files.createDirectories(folder.resolve("paper-tables"));
        Files.writeString(folder.resolve("paper-tables/super-weights.csv"),
                "model,layer,row,column,standing,source\nlisted,2,5,9,printed,s\n");
        Coordinate plant = new Coordinate(1, 3, 7);
        RandomLlama ordinary = Planted.random(5, 1);
        try (CausalLM planted = Planted.plant(ordinary, plant, 5000).load(); CausalLM none = ordinary.load()) {
            Run listed = run(Map.of("SUPERWEIGHT_MODEL", "listed"));
            assertEquals(List.of(new Coordinate(2, 5, 9)), listed.superWeights(planted));
            assertEquals("super-weights.csv", listed.provenance().parameters().get("super weights from"));
            Run unknown = run(Map.of("SUPERWEIGHT_MODEL", "unknown"));
            assertEquals(List.of(plant), unknown.superWeights(planted));
            assertEquals("the finder", unknown.provenance().parameters().get("super weights from"));
            String sentence =
                    assertThrows(InvalidInputException.class, () -> unknown.superWeights(none)).getMessage();
            assertTrue(sentence.startsWith("No super weight of unknown is known"), sentence);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /somewhere/llama-7b/,        llama-7b
            ./models/../llama-7b/.,      llama-7b
            models/tiny.Q4_1.gguf,       tiny.Q4_1
            huggyllama/llama-7b,         llama-7b
            smollm2-135m,                smollm2-135m
            """)
    void aModelsFolderOfResultsIsItsOwnName(String model, String name) {
        assertEquals(name, run(Map.of("SUPERWEIGHT_MODEL", model)).setting().model());
    }

    @Test
    void itsSizesAreTheFilesAndStandInTheProvenance() throws IOException {
        Files.createDirectories(folder.resolve("notebooks"));
        Files.writeString(folder.resolve("notebooks/sizes.csv"), """
                notebook,name,small,default,full,what
                02-prune,windows,2,10,all,windows
                02-prune,tasks,piqa,piqa arc_easy,piqa,tasks
                """);
        Run byDefault = run(Map.of());
        assertEquals(10, byDefault.size("windows"));
        assertEquals(List.of("piqa", "arc_easy"), byDefault.words("tasks"));
        assertEquals(Map.of("windows", 10, "tasks", List.of("piqa", "arc_easy")), byDefault.provenance().parameters());
        Run full = run(Map.of("SUPERWEIGHT_SIZE", "full"));
        assertEquals(Integer.MAX_VALUE, full.size("windows"));
        assertEquals(Map.of("windows", "all"), full.provenance().parameters());
    }

    @Test
    void refusesVariablesItCannotUse() {
        assertEquals("SUPERWEIGHT_SIZE: expected small, default or full, found \"large\".",
                assertThrows(InvalidInputException.class,
                        () -> run(Map.of("SUPERWEIGHT_SIZE", "large"))).getMessage());
        assertEquals("SUPERWEIGHT_DATA: expected a folder with wiki.test.raw, found none in /none.",
                assertThrows(InvalidInputException.class,
                        () -> run(Map.of("SUPERWEIGHT_DATA", "/none"))).getMessage());
    }

    @Test
    void writesEveryFormWithItsProvenanceAndNothingElse() throws IOException {
        Run run = run(Map.of("SUPERWEIGHT_OUT", folder.resolve("out").toString()));
        Figure figure = new DotFigure("t", "x", List.of(DotFigure.Point.of("original", 20)));
        run.write("02-prune", ResultTable.of(Table.create(DoubleColumn.create("perplexity", 20))));
        CaptionedFigure shown = run.write("02-prune", figure, "2 windows");
        Set<String> expected = new TreeSet<>();
        for (String ending : List.of("md", "csv", "tex", "provenance.json")) {
            expected.add("paper-tables/smollm2-135m/bundled/02-prune." + ending);
        }
        for (String ending : List.of("svg", "png", "csv", "caption.txt", "provenance.json")) {
            expected.add("figures/smollm2-135m/bundled/02-prune." + ending);
        }
        assertEquals(expected, files(folder.resolve("out")));
        assertEquals(figure.csv(), Files.readString(
                folder.resolve("out/figures/smollm2-135m/bundled/02-prune.csv")));
        assertEquals(shown.caption() + "\n", Files.readString(
                folder.resolve("out/figures/smollm2-135m/bundled/02-prune.caption.txt")));
    }

    @Test
    void theCaptionNamesTheTextThatWasMeasuredOn() {
        Run run = run(Map.of("SUPERWEIGHT_OUT", folder.resolve("out").toString()));
        Figure figure = new DotFigure("t", "x", List.of(DotFigure.Point.of("original", 20)));
        assertTrue(run.write("04-stopwords", figure, "n").caption().contains("smollm2-135m, bundled"));
        run.usesText("lambada_openai", "0a", 7);
        assertTrue(run.write("04-stopwords", figure, "n").caption().contains("smollm2-135m, lambada_openai"));
        assertEquals(new Setting("smollm2-135m", "bundled"), run.setting());
    }

    @Test
    void verdictsAreJoinedWithTheClaimsAndKept() throws IOException {
        Files.createDirectories(folder.resolve("paper-tables"));
        Files.copy(Checkout.current().claims(), folder.resolve("paper-tables/claims.csv"));
        Run run = run(Map.of("SUPERWEIGHT_OUT", folder.resolve("out").toString()));
        VerdictTable table = run.verdicts(List.of(Measured.of("original-wikitext2", 19.9)));
        assertEquals(1, table.rows().stream().filter(row -> row.here().isPresent()).count());
        Results kept = Results.read(folder.resolve("out/paper-tables"));
        assertEquals(Map.of("original-wikitext2", Measured.of("original-wikitext2", 19.9).on(Run.Size.DEFAULT)),
                kept.at(run.setting()));
        assertThrows(InvalidInputException.class,
                () -> run.verdicts(List.of(Measured.of("unheard-of", 1))));
    }

    /** A claim about C4 is measured in the same run as one about WikiText-2. */
    @Test
    void whatWasMeasuredOnAnotherTextIsKeptApartAndSaysSo() throws IOException {
        Files.createDirectories(folder.resolve("paper-tables"));
        Files.copy(Checkout.current().claims(), folder.resolve("paper-tables/claims.csv"));
        Run run = run(Map.of("SUPERWEIGHT_OUT", folder.resolve("out").toString()));
        run.usesText("c4", "4c", 70).usesText("0a", 30);
        Measured own = Measured.of("original-wikitext2", 19.9);
        Measured other = Measured.of("original-c4", 30.1).onText("c4");
        VerdictTable table = run.verdicts(List.of(own, other));
        assertTrue(table.markdown().contains("| 7.08 (llama-7b, c4) | – | not run | 30.10 on c4 |"), table::markdown);
        assertEquals(
                Map.of("original-wikitext2", own.on(Run.Size.DEFAULT), "original-c4", other.on(Run.Size.DEFAULT)),
                Results.read(folder.resolve("out/paper-tables")).at(run.setting()));
        assertEquals("bundled", textOf(run.tables().resolve("02-prune.claims.provenance.json")));
        assertEquals("c4", textOf(run.tables().resolve("02-prune.c4.claims.provenance.json")));
    }

    private static String textOf(Path provenance) throws IOException {
        return JsonParser.parseString(Files.readString(provenance)).getAsJsonObject()
                .getAsJsonObject("text").get("name").getAsString();
    }

    @Test
    void provenanceHasEveryFieldAndNoFolderOfThisMachine() {
        Path home = Path.of(System.getProperty("user.home"));
        Map<String, String> environment = new HashMap<>();
        environment.put("SUPERWEIGHT_COMMIT", "abc123-dirty");
        environment.put("SUPERWEIGHT_COMMAND", "%s/reproduce.sh --model=%s/x/tiny.gguf --data '/data/my texts'"
                .formatted(folder, home));
        environment.put("SUPERWEIGHT_MODEL", home + "/x/tiny.gguf");
        Run run = run(environment).usesModel("0a1b").usesText("2c3d", 12345)
                .parameter("window", 2048).parameter("file", folder + "/somewhere/else.txt");
        assertEquals(42, run.seed("bootstrap", 42));

        String text = run.provenance().json();
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        assertEquals(Set.of("notebook", "commit", "command", "time", "peakResidentMemory", "model", "text",
                "size", "parameters", "seeds", "versions", "machine"), json.keySet());
        assertEquals("./reproduce.sh --model=tiny.gguf --data 'my texts'", json.get("command").getAsString());
        assertEquals("{\"name\":\"tiny\",\"sha256\":\"0a1b\"}", json.get("model").toString());
        assertEquals("{\"name\":\"bundled\",\"sha256\":\"2c3d\",\"tokens\":12345}", json.get("text").toString());
        assertEquals("{\"file\":\"./somewhere/else.txt\",\"window\":2048}", json.get("parameters").toString());
        assertEquals("{\"bootstrap\":42}", json.get("seeds").toString());
        assertEquals(Set.of("start", "end", "wallSeconds", "keptSeconds"), json.getAsJsonObject("time").keySet());
        assertEquals(Set.of("os", "architecture", "cpu", "cores", "threads", "kernels", "jvmFlags"),
                json.getAsJsonObject("machine").keySet());
        JsonObject versions = json.getAsJsonObject("versions");
        assertEquals(Set.of("superweight", "jdk", "djl", "pytorch", "jjava"), versions.keySet());
        assertTrue(versions.get("djl").getAsString().matches("\\d+\\.\\d+\\.\\d+"), versions::toString);
        assertTrue(versions.get("pytorch").getAsString().matches("\\d+\\.\\d+\\.\\d+.* cpu"), versions::toString);
        everyText(json).forEach(value -> assertFalse(value.matches("(.*[\\s='\"])?/.*"), value));
        assertFalse(text.contains(folder.toString()) || text.contains(home + "/"), text);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            ./reproduce.sh 02-prune --data /srv/a/b,        ./reproduce.sh 02-prune --data b
            /home/ann/x,                                     x
            -Djava.library.path=/usr/lib:/opt/y/,            -Djava.library.path=lib:y
            -javaagent:/opt/agent.jar=/a/b,                  -javaagent:agent.jar=b
            ~/models/m.gguf,                                 m.gguf
            /checkout/data/wiki,                             ./data/wiki
            /checkout-2/data,                                data
            /users/An Other/m.gguf,                          m.gguf
            "tokens/s, 3/4 and a/b",                         "tokens/s, 3/4 and a/b"
            """)
    void ofAPathOnlyTheFileNameIsPublished(String text, String published) {
        assertEquals(published,
                new PathRemoval(Path.of("/checkout"), Path.of("/users/An Other")).from(text));
    }

    @Test
    void progressIsOneLineReplacedAtEachStep() throws IOException {
        Path file = folder.resolve("progress");
        Run run = run(Map.of("SUPERWEIGHT_PROGRESS", file.toString()));
        run.progress(0.25, "window 5 of 20");
        run.progress(0.5, "window 10 of 20");
        assertEquals("0.5000\twindow 10 of 20\n", Files.readString(file));
    }

    @Test
    void aMeasurementToldOfAPartOfItIsKeptWhereThereIsAJournal() throws IOException {
        record Step(int window) {}
        record Nll(double value) {}

        Path file = folder.resolve("progress");
        Map<String, String> environment = Map.of(
                "SUPERWEIGHT_PROGRESS", file.toString(), "SUPERWEIGHT_JOURNAL", folder.resolve("journal").toString());
        for (double measured : List.of(1.5, 2.5)) {
            Progress part = run(environment).part(0.5, 1).of("held-out text");
            assertEquals(List.of(new Nll(1.5)), part.step(new Step(1), Nll.class, () -> List.of(new Nll(measured))));
            part.at(0.5, "layer 1 of 2");
            assertEquals("0.7500\theld-out text, layer 1 of 2\n", Files.readString(file));
        }
        assertEquals(List.of(new Nll(3.5)),
                run(Map.of()).part(0, 1).step(new Step(1), Nll.class, () -> List.of(new Nll(3.5))));
    }

    @Test
    void aFileThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        Path occupied = Files.createDirectories(folder.resolve("taken.md/inside"));
        assertThrows(java.io.UncheckedIOException.class,
                () -> AtomicFile.write(folder.resolve("taken.md"), "text"));
        assertEquals(Set.of(), files(folder));
        assertTrue(Files.isDirectory(occupied));
    }

    private Run run(Map<String, String> environment) {
        return Run.from("02-prune", new Checkout(folder), environment);
    }

    private static Set<String> files(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).map(path -> root.relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Stream<String> everyText(JsonElement element) {
        if (element.isJsonObject()) {
            return element.getAsJsonObject().entrySet().stream().flatMap(e -> everyText(e.getValue()));
        }
        if (element.isJsonArray()) {
            return element.getAsJsonArray().asList().stream().flatMap(RunTest::everyText);
        }
        return Stream.of(element.getAsString());
    }
}
