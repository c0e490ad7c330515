package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.Progress;
import superweight.TestModel;
import superweight.golden.ZeroShotGolden.Item;
import superweight.golden.ZeroShotGolden.Scored;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.Continuation;
import superweight.measure.LogLikelihood;
import superweight.measure.NextTokenDistribution;
import superweight.measure.TaskItem.MultipleChoice;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.model.CausalLM;
import superweight.model.Tokenizer.Bos;

/** The embedded model answers zero-shot tasks as Hugging Face transformers does. */
class ZeroShotParityTest {
    private static final Golden GOLDEN = Golden.smollm2();
    private static final ZeroShotGolden ITEMS = ZeroShotGolden.smollm2();

    private final CausalLM model = TestModel.smollm2();

    @Test
    void logLikelihoodsAgreeWithinAThousandthAndSoDoTheAnswers() {
        List<Scored> all = ITEMS.items().stream().flatMap(item -> item.continuations().stream()).toList();
        List<LogLikelihood> scores = LogLikelihood.measure(
                model, all.stream().map(Scored::tokenized).toList(), Condition.ORIGINAL, Progress.NONE);
        int first = 0;
        for (Item item : ITEMS.items()) {
            List<Scored> expected = item.continuations();
            List<LogLikelihood> actual = scores.subList(first, first += expected.size());
            for (int i = 0; i < expected.size(); i++) {
                String where = item + ", continuation " + i;
                assertEquals(expected.get(i).logLikelihood(), actual.get(i).sum(), 1e-3, where);
                assertEquals(expected.get(i).greedy(), actual.get(i).greedy(), where);
            }
            assertEquals(
                    MultipleChoice.choice(expected.stream()
                            .map(each -> new LogLikelihood(each.logLikelihood(), each.greedy()))
                            .toList()),
                    MultipleChoice.choice(actual),
                    item.toString());
        }
        assertEquals(scores.size(), first);
    }

    @Test
    @Tag("data")
    void promptsBecomeTheReferencesTokens() {
        Path data = data();
        Map<ZeroShotTask, List<TaskItem>> tasks = new EnumMap<>(ZeroShotTask.class);
        for (Item expected : ITEMS.items()) {
            TaskItem item = tasks
                    .computeIfAbsent(task(expected.task()), task -> task.items(data))
                    .get(expected.row());
            List<Continuation.Tokenized> actual = item.continuations().stream()
                    .map(each -> each.tokenized(
                            model.tokenizer(), Bos.NO, model.config().maxPositionEmbeddings()))
                    .toList();
            assertEquals(expected.continuations().size(), actual.size(), expected.toString());
            for (int i = 0; i < actual.size(); i++) {
                Continuation.Tokenized reference = expected.continuations().get(i).tokenized();
                assertArrayEquals(reference.ids(), actual.get(i).ids(), expected + ", continuation " + i);
                assertEquals(reference.scored(), actual.get(i).scored(), expected + ", continuation " + i);
            }
        }
        // The rows of SciQ were not at hand when the reference was made; ZeroShotTaskTest has its prompt.
        assertEquals(EnumSet.complementOf(EnumSet.of(ZeroShotTask.SCIQ)), tasks.keySet());
    }

    @ParameterizedTest
    @MethodSource("conditions")
    @Tag("data")
    void lambadaAccuracyAgreesWithinOneItem(String condition) {
        Accuracy actual = Accuracy.measure(
                model, lambada(), new Condition(condition, GOLDEN.pruned(condition)), Bos.NO, Progress.NONE);
        double expected = GOLDEN.lambada().accuracy().get(condition);
        System.out.printf("lambada, %s: %.3f here, %.3f in the reference%n", condition, actual.value(), expected);
        assertEquals(expected, actual.value(), 1.0001 / GOLDEN.lambada().items());
    }

    @ParameterizedTest
    @MethodSource("conditions")
    @Tag("data")
    void meanStopwordProbabilitiesAgreeWithinATenThousandth(String condition) {
        List<int[]> contexts = lambada().stream()
                .map(item -> model.tokenizer().encode(item.continuations().get(0).context()))
                .toList();
        double[] mean = NextTokenDistribution.measure(
                        model, contexts, new Condition(condition, GOLDEN.pruned(condition)), Progress.NONE)
                .mean();
        assertEquals(1, Arrays.stream(mean).sum(), 1e-5);
        GOLDEN.lambada().stopwordMeanProb().get(condition).forEach((word, expected) -> {
            int[] ids = model.tokenizer().encode(word);
            assertEquals(1, ids.length, word);
            assertEquals(expected, mean[ids[0]], 1e-4, word);
        });
    }

    static Stream<String> conditions() {
        return GOLDEN.lambada().accuracy().keySet().stream();
    }

    private static List<TaskItem> lambada() {
        return ZeroShotTask.LAMBADA_OPENAI.items(data()).subList(0, GOLDEN.lambada().items());
    }

    private static ZeroShotTask task(String name) {
        return Stream.of(ZeroShotTask.values()).filter(task -> task.toString().equals(name)).findFirst().orElseThrow();
    }

    private static Path data() {
        Optional<Path> data = Optional.ofNullable(System.getenv("SUPERWEIGHT_DATA")).map(Path::of);
        assumeTrue(
                data.isPresent() && Files.exists(data.get().resolve(ZeroShotTask.LAMBADA_OPENAI.file())),
                "SUPERWEIGHT_DATA names no folder with the zero-shot tasks' files");
        return data.get();
    }
}
