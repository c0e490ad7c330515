package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import superweight.Progress;
import superweight.checkpoint.Family;
import superweight.checkpoint.ModelConfig;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Condition;
import superweight.measure.Perplexity;

/** However many runs go through the layers together, each comes out as if it were the only one. */
class WalkProperties {
    /** Relative: the products of more rows at once may sum up in another order, and nothing else differs. */
    private static final double TOLERANCE = 1e-5;

    private static final List<RandomLlama> TINY = List.of(
            RandomLlama.small(),
            RandomLlama.of(RandomLlama.config(2, 16, 33, 1, 2, false), 2),
            RandomLlama.of(RandomLlama.config(4, 32, 48, 4, 10, true), 3),
            RandomLlama.of(RandomLlama.in(Family.QWEN2, RandomLlama.config(2, 16, 33, 2, 6, false)), 4),
            RandomLlama.of(RandomLlama.in(Family.QWEN3, RandomLlama.config(2, 16, 33, 2, 6, true)), 5));

    private static final Map<Held, CausalLM> MODELS = new HashMap<>();

    private record Held(int tiny, Residence residence, KernelChoice kernels) {}

    /**
     * @param tiny index of a model
     * @param conditions each the original model with some interventions
     * @param lengths of the sequences, in tokens
     * @param seed of their tokens
     */
    record Measurement(int tiny, List<List<Intervention>> conditions, List<Integer> lengths, long seed) {
        List<int[]> texts() {
            Random random = new Random(seed);
            int vocab = TINY.get(tiny).config().vocabSize();
            return lengths.stream().map(length -> random.ints(length, 0, vocab).toArray()).toList();
        }
    }

    @AfterContainer
    static void close() {
        MODELS.values().forEach(CausalLM::close);
    }

    @Property(tries = 150, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void theHiddenStatesOfARunAreThoseOfAWalkWithThatRunOnly(
            @ForAll Residence residence,
            @ForAll KernelChoice kernels,
            @ForAll("measurements") Measurement measurement) {
        CausalLM model = model(measurement, residence, kernels);
        List<int[]> texts = measurement.texts();
        List<ForwardPass> runs = new ArrayList<>();
        for (List<Intervention> condition : measurement.conditions()) {
            IntStream.range(0, texts.size()).forEach(text -> runs.add(new ForwardPass(text, condition)));
        }
        List<float[]> together = hiddenStates(model, texts, runs);
        assertEquals(runs.size(), together.size());
        for (int i = 0; i < runs.size(); i++) {
            float[] alone = hiddenStates(model, texts, List.of(runs.get(i))).get(0);
            assertArrayEquals(alone, together.get(i), (float) (TOLERANCE * largest(alone)), "run " + i);
        }
    }

    @Property(tries = 75, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void theLossOfAConditionOnAWindowIsThatOfTheConditionAlone(
            @ForAll Residence residence, @ForAll KernelChoice kernels, @ForAll("windows") Measurement measurement) {
        CausalLM model = model(measurement, residence, kernels);
        List<Condition> conditions = measurement.conditions().stream()
                .map(interventions -> new Condition("changed", interventions))
                .toList();
        List<Perplexity> together =
                Perplexity.measureAll(model, measurement.texts(), conditions, Progress.NONE);
        for (int i = 0; i < conditions.size(); i++) {
            for (int window = 0; window < measurement.lengths().size(); window++) {
                double alone = Perplexity.measure(
                                model, List.of(measurement.texts().get(window)), conditions.get(i), Progress.NONE)
                        .meanNll();
                assertEquals(alone, together.get(i).nll()[window], TOLERANCE * alone, "condition " + i);
            }
        }
    }

    @Provide
    Arbitrary<Measurement> measurements() {
        return measurements(Arbitraries.integers().between(1, 40).list().ofMinSize(1).ofMaxSize(5));
    }

    /** Sequences of one length, of at least two tokens. */
    @Provide
    Arbitrary<Measurement> windows() {
        return measurements(Combinators.combine(
                        Arbitraries.integers().between(2, 40), Arbitraries.integers().between(1, 4))
                .as((length, count) -> IntStream.range(0, count).mapToObj(i -> length).toList()));
    }

    private static Arbitrary<Measurement> measurements(Arbitrary<List<Integer>> lengths) {
        return Arbitraries.integers().between(0, TINY.size() - 1).flatMap(tiny -> {
            ModelConfig config = TINY.get(tiny).config();
            return Combinators.combine(RandomInterventions.conditions(config), lengths, Arbitraries.longs())
                    .as((conditions, each, seed) -> new Measurement(tiny, conditions, each, seed));
        });
    }

    private static CausalLM model(Measurement measurement, Residence residence, KernelChoice kernels) {
        return MODELS.computeIfAbsent(
                new Held(measurement.tiny(), residence, kernels),
                held -> TINY.get(held.tiny()).load(held.residence(), held.kernels()));
    }

    private static List<float[]> hiddenStates(CausalLM model, List<int[]> texts, List<ForwardPass> runs) {
        List<Sequence> sequences = texts.stream().map(Sequence::of).toList();
        try (NDManager scope = model.newScope()) {
            return model.hiddenStates(scope, sequences, runs, ActivationReader.NONE, Progress.NONE).stream()
                    .map(NDArray::toFloatArray)
                    .toList();
        }
    }

    private static double largest(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).max().orElseThrow();
    }
}
