package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.Progress;
import superweight.checkpoint.Family;
import superweight.checkpoint.RandomLlama;
import superweight.find.Contribution;
import superweight.find.Planted;
import superweight.find.SuperWeightFinder;
import superweight.measure.Condition;
import superweight.measure.Continuation;
import superweight.measure.Generation;
import superweight.measure.LogLikelihood;
import superweight.measure.NextToken;
import superweight.measure.NextTokenDistribution;
import superweight.measure.Perplexity;

/**
 * Nothing is left behind by a measurement. An operation's result belongs to the manager of its first
 * operand, so one weight in the wrong place keeps every activation for as long as the model lives.
 */
@ParameterizedClass
@MethodSource("superweight.model.ModelVariant#all")
class LeakTest {
    private static final int FORWARDS = 100;
    private static final int FORWARDS_OF_A_ROUND = 5;
    private static final int WIDE = 256;
    private static final int TOKENS = 512;

    /** What 100 forwards would leave if each kept a single activation. */
    private static final long ONE_ACTIVATION_EACH = (long) FORWARDS * TOKENS * WIDE * Float.BYTES;

    private final ModelVariant variant;

    LeakTest(ModelVariant variant) {
        this.variant = variant;
    }

    @Test
    void aHundredForwardsLeaveNoArray() {
        try (CausalLM model = variant.load(RandomLlama.small())) {
            int before = model.nativeArrays();
            for (int i = 0; i < FORWARDS / FORWARDS_OF_A_ROUND; i++) {
                measure(model, 20);
                assertEquals(before, model.nativeArrays(), "after " + (i + 1) + " rounds");
            }
        }
    }

    @Test
    void forwardsWithBiasesOrNormedHeadsLeaveNoArray() {
        for (Family family : List.of(Family.QWEN2, Family.QWEN3)) {
            RandomLlama tiny = RandomLlama.of(RandomLlama.in(family, RandomLlama.small().config()), 1);
            try (CausalLM model = variant.load(tiny)) {
                int before = model.nativeArrays();
                for (int i = 0; i < 10; i++) {
                    measure(model, 20);
                    assertEquals(before, model.nativeArrays(), family + " after " + (i + 1) + " rounds");
                }
            }
        }
    }

    @Test
    void aForwardThatIsCutShortLeavesNoArray() {
        try (CausalLM model = variant.load(RandomLlama.small())) {
            int before = model.nativeArrays();
            assertThrows(IllegalStateException.class, () -> {
                try (NDManager scope = model.newScope()) {
                    model.hiddenStates(scope, List.of(new int[] {1, 2}), List.of(), (sequence, point, x) -> {
                        throw new IllegalStateException("a reader that fails");
                    });
                }
            });
            assertEquals(before, model.nativeArrays());
        }
    }

    @Test
    void aHundredForwardsWithARestoredSuperActivationLeaveNoArray() {
        try (CausalLM model = variant.load(RandomLlama.small())) {
            Coordinate at = new Coordinate(1, 2, 3);
            List<int[]> sequences = List.of(Logits.ids(model, 20, 1), Logits.ids(model, 5, 2));
            int before = model.nativeArrays();
            for (int i = 0; i < FORWARDS; i++) {
                Logits.of(model, sequences, List.of(
                        Intervention.prune(at), Intervention.restoreSuperActivation(at)));
                assertEquals(before, model.nativeArrays(), "after " + (i + 1) + " forwards");
            }
        }
    }

    @Test
    void searchesForSuperWeightsLeaveNoArray() {
        Coordinate at = new Coordinate(1, 2, 3);
        try (CausalLM model = variant.load(Planted.plant(RandomLlama.small(), at, 1000))) {
            int[] ids = Logits.ids(model, 20, 1);
            int before = model.nativeArrays();
            SuperWeightFinder finder = SuperWeightFinder.of(model);
            for (int i = 0; i < 5; i++) {
                assertEquals(List.of(at), finder.find(ids, Progress.NONE).superWeights());
                finder.evidence(ids, at);
                Contribution.top(model, ids, 3);
                assertEquals(before, model.nativeArrays(), "after " + (i + 1) + " searches");
            }
        }
    }

    /** An array in a scope below the model's own is counted, so the test above can fail. */
    @Test
    void theCountSeesScopesThatAreStillOpen() {
        try (CausalLM model = variant.load(RandomLlama.small())) {
            int before = model.nativeArrays();
            try (NDManager scope = model.newScope(); NDManager inner = scope.newSubManager()) {
                inner.create(1f);
                assertEquals(before + 1, model.nativeArrays());
            }
            assertEquals(before, model.nativeArrays());
        }
    }

    @Test
    void aHundredForwardsLeaveTheProcessAsLargeAsItWas() throws IOException {
        RandomLlama wide = RandomLlama.of(RandomLlama.config(1, WIDE, WIDE, 2, 64, true), 1);
        try (CausalLM model = variant.load(wide)) {
            for (int i = 0; i < 10; i++) {
                forward(model); // the allocators of JVM and engine reach the size they keep
            }
            // A leak grows every time; a heap that the JVM enlarges, once.
            long grown = Math.min(growth(model), Math.min(growth(model), growth(model)));
            assertTrue(grown < ONE_ACTIVATION_EACH, () -> "grown by " + grown + " bytes");
        }
    }

    private static long growth(CausalLM model) throws IOException {
        long before = residentBytes();
        for (int i = 0; i < FORWARDS; i++) {
            forward(model);
        }
        return residentBytes() - before;
    }

    private static void measure(CausalLM model, int length) {
        int[] ids = Logits.ids(model, length, 1);
        List<Intervention> interventions = List.of(Intervention.prune(new Coordinate(1, 2, 3)));
        NextToken.top(model, ids, interventions, 5);
        Generation.greedy(model, ids, interventions, 2, OptionalInt.empty(), Progress.NONE);
        Condition pruned = new Condition("pruned", interventions);
        Perplexity.measure(model, List.of(ids, ids), pruned, Progress.NONE);
        LogLikelihood.measure(
                model, List.of(new Continuation.Tokenized(ids, 3)), pruned, Progress.NONE);
        NextTokenDistribution next = NextTokenDistribution.measure(model, List.of(ids, ids), pruned, Progress.NONE);
        next.mean();
        next.probabilities(1, 2);
        next.mass(1, 2);
        next.entropy();
        Logits.of(model, List.of(ids, ids), interventions);
    }

    private static void forward(CausalLM model) {
        Logits.of(model, Logits.ids(model, TOKENS, 1), Intervention.prune(new Coordinate(0, 2, 3)));
    }

    private static long residentBytes() throws IOException {
        System.gc();
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            return kilobytes(Files.readString(status).replaceAll("(?s).*VmRSS:\\s*(\\d+) kB.*", "$1"));
        }
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", "" + ProcessHandle.current().pid()).start();
        return kilobytes(new String(ps.getInputStream().readAllBytes()).strip());
    }

    private static long kilobytes(String count) {
        return 1024 * Long.parseLong(count);
    }
}
