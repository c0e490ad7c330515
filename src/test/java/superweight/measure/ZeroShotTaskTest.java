package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;
import superweight.measure.TaskItem.Cloze;
import superweight.measure.TaskItem.MultipleChoice;

/** From a row of data to the exact texts that the model reads. */
class ZeroShotTaskTest {
    @TempDir
    private Path folder;

    @Test
    void tasksHaveTheHarnesssNames() {
        assertEquals(
                List.of("lambada_openai", "arc_easy", "arc_challenge", "piqa", "winogrande", "hellaswag", "sciq"),
                Arrays.stream(ZeroShotTask.values()).map(ZeroShotTask::toString).toList());
    }

    @Test
    void lambadaAsksForTheLastWordOfAPassage() throws IOException {
        assertEquals(
                List.of(
                        new Cloze(new Continuation("\"Ah,\" I said to", " Helen")),
                        new Cloze(new Continuation("It was\n\nher", " \u00e9t\u00e9"))),
                items(
                        ZeroShotTask.LAMBADA_OPENAI,
                        "{\"context\": \"\\\"Ah,\\\" I said to\", \"continuation\": \"Helen\"}",
                        "{\"continuation\": \"\u00e9t\u00e9\", \"context\": \"It was\\n\\nher\"}"));
    }

    @Test
    void arcAndPiqaAskForAnAnswerOnALineOfItsOwn() throws IOException {
        String arc = "{\"choices\": [\"gray\", \"warm\", \"soft\"], \"query\": \"Question: Fur is?\", \"gold\": 2}";
        MultipleChoice expected = new MultipleChoice(
                List.of(
                        new Continuation("Question: Fur is?\nAnswer:", " gray"),
                        new Continuation("Question: Fur is?\nAnswer:", " warm"),
                        new Continuation("Question: Fur is?\nAnswer:", " soft")),
                2);
        assertEquals(List.of(expected), items(ZeroShotTask.ARC_EASY, arc));
        assertEquals(List.of(expected), items(ZeroShotTask.ARC_CHALLENGE, arc));
        assertEquals(
                List.of(new MultipleChoice(
                        List.of(
                                new Continuation("Question: ice box \n\nAnswer:", " add  water"),
                                new Continuation("Question: ice box \n\nAnswer:", " ")),
                        0)),
                items(
                        ZeroShotTask.PIQA,
                        "{\"choices\": [\"add  water\", \"\"], \"gold\": 0, \"query\": \"Question: ice box \\n\\n\"}"));
    }

    @Test
    void sciQAsksAfterThePassageThatHoldsTheAnswer() throws IOException {
        assertEquals(
                List.of(new MultipleChoice(
                        Stream.of(" mud", " ice", " fog", " salt")
                                .map(choice -> new Continuation("Seas are salty. \nQuestion: Seas hold?\nAnswer:", choice))
                                .toList(),
                        3)),
                items(
                        ZeroShotTask.SCIQ,
                        "{\"question\": \"Seas hold?\", \"distractor1\": \"mud\", \"distractor2\": \"ice\","
                                + " \"distractor3\": \"fog\", \"correct_answer\": \"salt\","
                                + " \"support\": \" Seas are salty. \"}"));
    }

    @Test
    void sciQMayHaveNoPassage() throws IOException {
        String row = sciQ("\"salt\"").replace("Seas.", "");
        assertEquals("\nQuestion: Hold?\nAnswer:",
                items(ZeroShotTask.SCIQ, row).get(0).continuations().get(0).context());
    }

    private static String sciQ(String answer) {
        return "{\"question\": \"Hold?\", \"distractor1\": \"mud\", \"distractor2\": \"ice\", \"distractor3\": \"fog\","
                + " \"correct_answer\": " + answer + ", \"support\": \"Seas.\"}";
    }

    @Test
    void aGuessIsRightAsOftenAsThereAreChoices() {
        Continuation choice = new Continuation("a", " b");
        assertEquals(0.25, new MultipleChoice(List.of(choice, choice, choice, choice), 1).chance());
        assertEquals(0, new Cloze(choice).chance());
    }

    @Test
    void theMarginIsHowFarTheRightAnswerIsAhead() {
        Continuation choice = new Continuation("a", " b");
        List<LogLikelihood> scores =
                Stream.of(-4.0, -2.5, -3.0).map(sum -> new LogLikelihood(sum, false)).toList();
        assertEquals(0.5, new MultipleChoice(List.of(choice, choice, choice), 1).margin(scores));
        assertEquals(-1.5, new MultipleChoice(List.of(choice, choice, choice), 0).margin(scores));
        assertEquals(-4, new Cloze(choice).margin(scores.subList(0, 1)));
    }

    @Test
    void winoGrandeAsksForOneContinuationAfterEitherOption() throws IOException {
        assertEquals(
                List.of(new MultipleChoice(
                        List.of(
                                new Continuation("Sarah met Maria so Sarah", " left."),
                                new Continuation("Sarah met Maria so Maria", " left.")),
                        1)),
                items(
                        ZeroShotTask.WINOGRANDE,
                        "{\"context_options\": [\"Sarah met Maria so Sarah\", \"Sarah met Maria so Maria\"],"
                                + " \"continuation\": \"left.\", \"gold\": 1}"));
    }

    @Test
    void hellaSwagAsksForAnEndingOfWhatIsCleanedOfItsMarks() throws IOException {
        String ctxA = "[header] How to bake [title] Mix it.  Stir. [step] Use a bowl.";
        MultipleChoice item = (MultipleChoice)
                items(ZeroShotTask.HELLASWAG, hellaSwag("Baking", ctxA, "then Mom")).get(0);
        String context = "Baking: How to bake. Mix it. Stir. Use a bowl. Then mom";
        assertEquals(
                List.of(
                        new Continuation(context, " goes on."),
                        new Continuation(context, " , and. More"),
                        new Continuation(context, " "),
                        new Continuation(context, " a b  c")),
                item.continuations());
        assertEquals(3, item.gold());
    }

    @Test
    void hellaSwagMayHaveNothingOfTheNextSentence() throws IOException {
        TaskItem item = items(ZeroShotTask.HELLASWAG, hellaSwag("Polo", "They ride.", "")).get(0);
        assertEquals("Polo: They ride.", item.continuations().get(0).context());
    }

    /** As the model hub's copy of the data writes it. */
    @Test
    void theRightAnswersNumberMayBeWrittenAsAText() throws IOException {
        String row = hellaSwag("Polo", "They ride.", "").replace("\"label\": 3", "\"label\": \"3\"");
        assertEquals(3, ((MultipleChoice) items(ZeroShotTask.HELLASWAG, row).get(0)).gold());
    }

    private static String hellaSwag(String activity, String ctxA, String ctxB) {
        return "{\"activity_label\": \"" + activity + "\", \"ctx_a\": \"" + ctxA + "\", \"ctx_b\": \"" + ctxB
                + "\", \"ind\": 1, \"label\": 3,"
                + " \"endings\": [\" goes on.\", \", and [title] More\", \"[step]\", \"a  b   c\"]}";
    }

    @ParameterizedTest
    @MethodSource("badRows")
    void refusesARowWithItsLineItsFieldWhatWasExpectedAndWhatWasFound(ZeroShotTask task, String row, String says)
            throws IOException {
        String good = switch (task) {
            case LAMBADA_OPENAI -> "{\"context\": \"a\", \"continuation\": \"b\"}";
            case WINOGRANDE -> "{\"context_options\": [\"a\", \"b\"], \"continuation\": \"c\", \"gold\": 0}";
            case HELLASWAG -> hellaSwag("Polo", "They ride.", "");
            case SCIQ -> sciQ("\"salt\"");
            default -> "{\"query\": \"Question: a\", \"choices\": [\"a\", \"b\"], \"gold\": 0}";
        };
        String message = assertThrows(InvalidInputException.class, () -> items(task, good, row, good)).getMessage();
        String file = task == ZeroShotTask.HELLASWAG ? "hellaswag.jsonl" : task.file();
        assertEquals("The file " + folder.resolve(file) + ", line 2: expected " + says + ".", message);
    }

    static Stream<Arguments> badRows() {
        String object = "one JSON object with every field once, found ";
        String texts = "a list of two or more texts in the field choices, found ";
        String gold = "a whole number from 0 to 1 in the field gold, found ";
        return Stream.of(
                Arguments.of(ZeroShotTask.PIQA, "", object + "a blank line"),
                Arguments.of(ZeroShotTask.PIQA, "[1]", object + "[1]"),
                Arguments.of(ZeroShotTask.PIQA, "null", object + "null"),
                Arguments.of(ZeroShotTask.PIQA, "{\"a\": 1", object + "{\"a\": 1"),
                Arguments.of(ZeroShotTask.PIQA, "{} {}", object + "{} {}"),
                Arguments.of(ZeroShotTask.PIQA, "{'a': 1}", object + "{'a': 1}"),
                Arguments.of(ZeroShotTask.PIQA, "{\"a\": 1, \"a\": 2}", object + "{\"a\": 1, \"a\": 2}"),
                Arguments.of(
                        ZeroShotTask.PIQA, "x".repeat(70), object + "x".repeat(60) + "..."),
                Arguments.of(ZeroShotTask.PIQA, "{}", "a value in the field query, found no field of that name"),
                Arguments.of(ZeroShotTask.PIQA, "{\"query\": 1}", "a text in the field query, found 1"),
                Arguments.of(ZeroShotTask.PIQA, "{\"query\": \" \"}", "a text in the field query, found \" \""),
                Arguments.of(ZeroShotTask.PIQA, "{\"query\": null}", "a text in the field query, found null"),
                Arguments.of(ZeroShotTask.PIQA, piqa("\"a\"", "0"), texts + "\"a\""),
                Arguments.of(ZeroShotTask.PIQA, piqa("[\"a\"]", "0"), texts + "[\"a\"]"),
                Arguments.of(ZeroShotTask.PIQA, piqa("[\"a\", 2]", "0"), texts + "[\"a\",2]"),
                Arguments.of(ZeroShotTask.PIQA, piqa("[\"a\", \"b\"]", "2"), gold + "2"),
                Arguments.of(ZeroShotTask.ARC_EASY, piqa("[\"a\", \"b\"]", "-1"), gold + "-1"),
                Arguments.of(ZeroShotTask.ARC_EASY, piqa("[\"a\", \"b\"]", "0.5"), gold + "0.5"),
                Arguments.of(ZeroShotTask.ARC_EASY, piqa("[\"a\", \"b\"]", "\"2\""), gold + "\"2\""),
                Arguments.of(ZeroShotTask.ARC_EASY, piqa("[\"a\", \"b\"]", "\"b\""), gold + "\"b\""),
                Arguments.of(ZeroShotTask.ARC_EASY, piqa("[\"a\", \"b\"]", "\"\""), gold + "\"\""),
                Arguments.of(ZeroShotTask.ARC_EASY, piqa("[\"a\", \"b\"]", "99999999999"), gold + "99999999999"),
                Arguments.of(
                        ZeroShotTask.LAMBADA_OPENAI,
                        "{\"context\": \"a\", \"continuation\": \"\"}",
                        "a text in the field continuation, found \"\""),
                Arguments.of(ZeroShotTask.SCIQ, sciQ("3"), "a text in the field correct_answer, found 3"),
                Arguments.of(
                        ZeroShotTask.SCIQ,
                        "{\"question\": \"Hold?\"}",
                        "a value in the field support, found no field of that name"),
                Arguments.of(
                        ZeroShotTask.WINOGRANDE,
                        "{\"context_options\": {}, \"continuation\": \"c\", \"gold\": 0}",
                        "a list of two or more texts in the field context_options, found {}"),
                Arguments.of(
                        ZeroShotTask.HELLASWAG,
                        "{\"activity_label\": \"a\", \"ctx_a\": \"a\"}",
                        "a value in the field ctx_b, found no field of that name"));
    }

    private static String piqa(String choices, String gold) {
        return "{\"query\": \"Question: a\", \"choices\": " + choices + ", \"gold\": " + gold + "}";
    }

    @Test
    void refusesAFolderWithoutTheFileOrWithSeveral() throws IOException {
        assertEquals(
                "The data folder " + folder + " holds no file piqa.jsonl (the items of piqa).",
                refusal(ZeroShotTask.PIQA, folder));
        assertTrue(refusal(ZeroShotTask.PIQA, folder.resolve("none")).contains("holds no file piqa.jsonl"));
        Files.createDirectory(folder.resolve("piqa.jsonl"));
        assertTrue(refusal(ZeroShotTask.PIQA, folder).contains("holds no file piqa.jsonl"));
        assertTrue(refusal(ZeroShotTask.HELLASWAG, folder).contains("holds no file hellaswag*.jsonl"));
        Files.writeString(folder.resolve("hellaswag_b.jsonl"), hellaSwag("a", "b", "c"));
        assertEquals(1, ZeroShotTask.HELLASWAG.items(folder).size());
        Files.writeString(folder.resolve("hellaswag_a.jsonl"), hellaSwag("a", "b", "c"));
        assertEquals(
                "The data folder " + folder + " must hold one file hellaswag*.jsonl (the items of hellaswag),"
                        + " but it holds 2: hellaswag_a.jsonl, hellaswag_b.jsonl.",
                refusal(ZeroShotTask.HELLASWAG, folder));
    }

    @Test
    void refusesAFileThatIsEmptyOrNotUtf8() throws IOException {
        Path file = Files.writeString(folder.resolve("piqa.jsonl"), "");
        assertEquals(
                "The file " + file + " is empty, so piqa has no items.", refusal(ZeroShotTask.PIQA, folder));
        Files.write(file, "{\"query\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(refusal(ZeroShotTask.PIQA, folder).contains("is not UTF-8"));
    }

    private static String refusal(ZeroShotTask task, Path data) {
        return assertThrows(InvalidInputException.class, () -> task.items(data)).getMessage();
    }

    private List<TaskItem> items(ZeroShotTask task, String... rows) throws IOException {
        String file = task.file().replace("*", "");
        Files.writeString(folder.resolve(file), String.join("\n", rows) + "\n");
        return task.items(folder);
    }
}
