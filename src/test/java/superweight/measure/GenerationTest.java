package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;

class GenerationTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int[] PROMPT = MODEL.tokenizer().encode("the man");
    private static final List<Intervention> SCALED = List.of(Intervention.scale(new Coordinate(0, 2, 3), 5));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void eachTokenIsTheLikeliestAfterThoseBefore() {
        Generation generation = generate(10, OptionalInt.empty());
        List<Integer> ids = new ArrayList<>(generation.promptIds());
        for (int next : generation.ids()) {
            int[] before = ids.stream().mapToInt(Integer::intValue).toArray();
            assertEquals(NextToken.top(MODEL, before, SCALED, 1).get(0).id(), next);
            ids.add(next);
        }
        assertEquals(10, generation.ids().size());
        assertEquals(
                MODEL.tokenizer().decode(ids.stream().mapToInt(Integer::intValue).toArray()), generation.text());
        assertTrue(generation.text().startsWith("the man"));
    }

    @Test
    void stopsBeforeTheEndTokenAndGoesOnWhereThereIsNone() {
        List<Integer> whole = generate(10, OptionalInt.empty()).ids();
        for (int end : whole) {
            Generation generation = generate(10, OptionalInt.of(end));
            assertEquals(whole.subList(0, whole.indexOf(end)), generation.ids());
        }
        int never = MODEL.config().vocabSize();
        assertEquals(whole, generate(10, OptionalInt.of(never)).ids());
    }

    @Test
    void progressCountsTheNewTokens() {
        List<Double> fractions = new ArrayList<>();
        Generation.greedy(MODEL, PROMPT, SCALED, 4, OptionalInt.empty(), (fraction, what) -> fractions.add(fraction));
        assertEquals(List.of(0.25, 0.5, 0.75, 1.0), fractions);
    }

    @Test
    void promptsThatAreContinuedTogetherGoOnAsAlone() {
        List<int[]> prompts = List.of(PROMPT, new int[] {4}, MODEL.tokenizer().encode("the man bids the man"));
        List<Generation> together =
                Generation.greedyAll(MODEL, prompts, SCALED, 8, OptionalInt.empty(), Progress.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            assertEquals(
                    Generation.greedy(MODEL, prompts.get(i), SCALED, 8, OptionalInt.empty(), Progress.NONE),
                    together.get(i));
        }
        // One that ends does not end the others.
        int end = together.get(1).ids().get(3);
        List<Generation> ended = Generation.greedyAll(MODEL, prompts, SCALED, 8, OptionalInt.of(end), Progress.NONE);
        for (int i = 0; i < prompts.size(); i++) {
            List<Integer> whole = together.get(i).ids();
            assertEquals(whole.contains(end) ? whole.subList(0, whole.indexOf(end)) : whole, ended.get(i).ids());
        }
    }

    private static Generation generate(int tokens, OptionalInt end) {
        return Generation.greedy(MODEL, PROMPT, SCALED, tokens, end, Progress.NONE);
    }
}
