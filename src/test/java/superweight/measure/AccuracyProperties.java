package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Accuracy.Outcome;
import superweight.measure.TaskItem.MultipleChoice;
import superweight.model.CausalLM;
import superweight.model.Tokenizer.Bos;

class AccuracyProperties {
    private static final CausalLM MODEL = RandomLlama.small().load();

    @AfterContainer
    static void close() {
        MODEL.close();
    }

    @Property
    void valueAndStandardErrorAreThoseOfASampleOfZerosAndOnes(@ForAll @Size(min = 2, max = 60) List<Boolean> right) {
        Accuracy accuracy =
                new Accuracy(right.stream().map(each -> new Outcome(List.of(), each)).toList());
        double mean = right.stream().mapToInt(each -> each ? 1 : 0).average().orElseThrow();
        double squares = right.stream().mapToDouble(each -> Math.pow((each ? 1 : 0) - mean, 2)).sum();
        int n = right.size();
        assertEquals(mean, accuracy.value(), 1e-12);
        assertEquals(Math.sqrt(squares / (n - 1) / n), accuracy.standardError().getAsDouble(), 1e-12);
        assertTrue(accuracy.standardError().getAsDouble() <= 0.5);
    }

    /** Float32 leaves scores of this size a few 1e-6, so a closer race may end either way. */
    @Property(tries = 50)
    void anItemsOutcomeDoesNotDependOnItsCompany(@ForAll("items") @Size(min = 1, max = 12) List<TaskItem> items) {
        Accuracy together = measure(items);
        for (int i = 0; i < items.size(); i++) {
            Outcome alone = measure(items.subList(i, i + 1)).outcomes().get(0);
            Outcome inCompany = together.outcomes().get(i);
            double[] sums = alone.scores().stream().mapToDouble(LogLikelihood::sum).toArray();
            for (int choice = 0; choice < sums.length; choice++) {
                assertEquals(sums[choice], inCompany.scores().get(choice).sum(), 1e-4);
            }
            double[] ranked = IntStream.range(0, sums.length).mapToDouble(j -> -sums[j]).sorted().toArray();
            if (ranked[1] == ranked[0] || ranked[1] - ranked[0] > 1e-3) {
                assertEquals(alone.right(), inCompany.right());
            }
        }
    }

    private static Accuracy measure(List<TaskItem> items) {
        return Accuracy.measure(MODEL, items, Condition.ORIGINAL, Bos.NO, Progress.NONE);
    }

    @Provide
    Arbitrary<List<TaskItem>> items() {
        Arbitrary<String> words = Arbitraries.strings().withChars("abcdehnt ,.").ofMinLength(1).ofMaxLength(30);
        Arbitrary<TaskItem> item = Combinators.combine(words, words.list().ofMinSize(2).ofMaxSize(4))
                .as((context, choices) -> new MultipleChoice(
                        choices.stream().map(choice -> new Continuation("a" + context + ".", " " + choice)).toList(),
                        choices.size() - 1));
        return item.list();
    }
}
