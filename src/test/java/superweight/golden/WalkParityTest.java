package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.TestModel;
import superweight.checkpoint.Checkpoints;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.Continuation;
import superweight.measure.EvaluationText;
import superweight.measure.LogLikelihood;
import superweight.measure.Perplexity;
import superweight.measure.TaskItem;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.KernelChoice;
import superweight.model.Residence;
import superweight.model.Tokenizer.Bos;

/** The embedded model gives the same, walked through once for all or once for each, from memory or from disk. */
class WalkParityTest {
    private static final Coordinate SUPER_WEIGHT = new Coordinate(11, 507, 1229);
    private static final Condition PRUNED = new Condition("pruned", List.of(Intervention.prune(SUPER_WEIGHT)));
    private static final List<Condition> CONDITIONS = List.of(
            Condition.ORIGINAL,
            PRUNED,
            new Condition("restored", List.of(
                    Intervention.prune(SUPER_WEIGHT), Intervention.restoreSuperActivation(SUPER_WEIGHT))),
            scaled(0.5),
            scaled(1.5),
            scaled(3));
    private static final int WINDOW = 256;
    private static final double RELATIVE = 1e-5;

    private final CausalLM model = TestModel.smollm2();
    private final String text = EvaluationText.bundled().text();
    private final List<int[]> windows =
            Perplexity.windows(model.tokenizer().encode(text), WINDOW).subList(0, 2);

    @Test
    void conditionsTogetherGiveTheLossOfEachAlone() {
        List<Perplexity> together = Perplexity.measureAll(model, windows, CONDITIONS, Progress.NONE);
        for (int i = 0; i < CONDITIONS.size(); i++) {
            for (int window = 0; window < windows.size(); window++) {
                double alone = Perplexity.measure(
                                model, windows.subList(window, window + 1), CONDITIONS.get(i), Progress.NONE)
                        .meanNll();
                assertEquals(alone, together.get(i).nll()[window], RELATIVE * alone, CONDITIONS.get(i).name());
            }
        }
        assertTrue(together.get(1).value() > 2 * together.get(0).value(), "pruning is felt");
    }

    @Test
    void weightsThatAreStreamedFromTheFileGiveThePerplexityOfWeightsInMemory() {
        List<Perplexity> expected = Perplexity.measureAll(model, windows, CONDITIONS, Progress.NONE);
        try (CausalLM streamed = CausalLM.load(
                Checkpoints.open(Checkpoints.DEFAULT_MODEL), Residence.DISK, KernelChoice.here())) {
            List<Perplexity> actual = Perplexity.measureAll(streamed, windows, CONDITIONS, Progress.NONE);
            for (int i = 0; i < CONDITIONS.size(); i++) {
                double value = expected.get(i).value();
                assertEquals(value, actual.get(i).value(), RELATIVE * value, CONDITIONS.get(i).name());
            }
        }
    }

    @Test
    void choicesInOneSequenceScoreAsEachDoesAlone() {
        List<TaskItem> items = items();
        List<Condition> conditions = List.of(Condition.ORIGINAL, PRUNED);
        List<Accuracy> together = Accuracy.measureAll(model, items, conditions, Bos.NO, Progress.NONE);
        for (int i = 0; i < conditions.size(); i++) {
            for (int item = 0; item < items.size(); item++) {
                List<LogLikelihood> scores = together.get(i).outcomes().get(item).scores();
                List<LogLikelihood> alone = alone(items.get(item), conditions.get(i));
                for (int choice = 0; choice < alone.size(); choice++) {
                    assertEquals(alone.get(choice).sum(), scores.get(choice).sum(), 1e-4, "item " + item);
                    assertEquals(alone.get(choice).greedy(), scores.get(choice).greedy(), "item " + item);
                }
            }
        }
        assertTrue(together.get(0).value() > 0.5, "the text's own words are the likeliest more often than not");
    }

    private List<LogLikelihood> alone(TaskItem item, Condition condition) {
        return item.continuations().stream()
                .map(each -> each.tokenized(model.tokenizer(), Bos.NO, model.config().maxPositionEmbeddings()))
                .map(each -> LogLikelihood.measure(model, List.of(each), condition, Progress.NONE).get(0))
                .toList();
    }

    /** Passages of the bundled text, each with what follows it and with three endings from elsewhere. */
    private List<TaskItem> items() {
        List<String> words = List.of(text.split("\\s+"));
        return IntStream.range(0, 20).<TaskItem>mapToObj(item -> {
            int from = 90 * item;
            int to = from + 20 + 2 * item;
            List<Continuation> choices = Stream.of(to, to + 333, to + 777, to + 1111)
                    .map(start -> new Continuation(
                            joined(words, from, to), " " + joined(words, start, start + 6)))
                    .toList();
            return new TaskItem.MultipleChoice(choices, 0);
        }).toList();
    }

    private static String joined(List<String> words, int from, int to) {
        return String.join(" ", words.subList(from, to));
    }

    private static Condition scaled(double factor) {
        return new Condition("times " + factor, List.of(Intervention.scale(SUPER_WEIGHT, factor)));
    }
}
