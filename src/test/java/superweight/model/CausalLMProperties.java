package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import superweight.checkpoint.Family;
import superweight.checkpoint.ModelConfig;
import superweight.checkpoint.RandomLlama;

/** The forward pass against its definition, on random models. */
class CausalLMProperties {
    /** Scores are about 1 to 10 in size; float32 leaves them a few 1e-6. */
    private static final double TOLERANCE = 1e-4;

    @Property(tries = 80)
    void theLogitsAreThoseOfTheDefinition(
            @ForAll KernelChoice kernels,
            @ForAll("configs") ModelConfig config,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int length) {
        assertLogitsAreThoseOfTheDefinition(RandomLlama.of(config, seed), kernels, length);
    }

    /** The reference's attention takes 256 queries at a time. */
    @Example
    void theLogitsAreThoseOfTheDefinitionPastOneBlockOfQueries() {
        for (int length : new int[] {256, 257, 300, 513}) {
            for (KernelChoice kernels : KernelChoice.values()) {
                assertLogitsAreThoseOfTheDefinition(RandomLlama.small(), kernels, length);
            }
        }
    }

    private static void assertLogitsAreThoseOfTheDefinition(RandomLlama tiny, KernelChoice kernels, int length) {
        try (CausalLM model = tiny.load(kernels)) {
            int[] ids = Logits.ids(model, length, 1);
            double[][] expected = ReferenceForward.logits(tiny, ids);
            float[] actual = Logits.of(model, ids);
            int vocab = tiny.config().vocabSize();
            assertEquals(length * vocab, actual.length);
            for (int i = 0; i < actual.length; i++) {
                assertEquals(
                        expected[i / vocab][i % vocab], actual[i], TOLERANCE, "position " + i / vocab + " of " + length);
            }
        }
    }

    @Provide
    Arbitrary<ModelConfig> configs() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(16, 24, 32),
                        Arbitraries.of(24, 33, 48),
                        Arbitraries.of(1, 2, 4),
                        Arbitraries.of(2, 8, 10),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Family.LLAMA, Family.QWEN2, Family.QWEN3))
                .as((layers, hidden, intermediate, kvHeads, headDim, tied, family) -> RandomLlama.in(
                        family, RandomLlama.config(layers, hidden, intermediate, kvHeads, headDim, tied)));
    }
}
