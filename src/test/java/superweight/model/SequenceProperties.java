package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;

/** Texts in one sequence are read as each is read alone. */
class SequenceProperties {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int HIDDEN = TINY.config().hiddenSize();
    private static final Map<ModelVariant, CausalLM> MODELS = new HashMap<>();

    @AfterContainer
    static void close() {
        MODELS.values().forEach(CausalLM::close);
    }

    @Property(tries = 500, seed = "1")
    void everyTokenOfEveryTextStandsWhereItsIndexSays(@ForAll("texts") List<int[]> texts) {
        Sequence sequence = Sequence.sharingTheirBeginning(texts);
        for (int text = 0; text < texts.size(); text++) {
            int[] ids = texts.get(text);
            for (int position = 0; position < ids.length; position++) {
                int index = sequence.index(text, position);
                assertEquals(ids[position], sequence.ids()[index]);
                assertEquals(position, sequence.positions()[index]);
            }
        }
        assertEquals(
                texts.stream().mapToInt(text -> text.length).max().orElseThrow(), sequence.longest());
    }

    @Property(tries = 500, seed = "1")
    void aTokenSeesTheTokensOfItsTextUpToItselfAndNoOthers(@ForAll("texts") List<int[]> texts) {
        Sequence sequence = Sequence.sharingTheirBeginning(texts);
        float[] mask = sequence.mask();
        for (int text = 0; text < texts.size(); text++) {
            int each = text;
            for (int position = 0; position < texts.get(text).length; position++) {
                float[] expected = new float[sequence.tokens()];
                Arrays.fill(expected, Float.NEGATIVE_INFINITY);
                IntStream.rangeClosed(0, position).forEach(seen -> expected[sequence.index(each, seen)] = 0);
                int row = sequence.index(text, position) * sequence.tokens();
                assertArrayEquals(expected, Arrays.copyOfRange(mask, row, row + sequence.tokens()));
            }
        }
        assertEquals(isLowerTriangle(mask, sequence.tokens()), sequence.isCausal());
    }

    @Property(tries = 500, seed = "1")
    void whatAllTextsBeginWithIsReadOnceAndAllElseAsOftenAsItIsThere(@ForAll("texts") List<int[]> texts) {
        int[] first = texts.get(0);
        int shared = (int) IntStream.range(0, first.length)
                .takeWhile(i -> texts.stream().allMatch(text -> i < text.length && text[i] == first[i]))
                .count();
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        assertEquals(
                tokens - (texts.size() - 1) * shared, Sequence.sharingTheirBeginning(texts).tokens());
    }

    @Property(tries = 100, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void theHiddenStatesAreThoseOfEachTextAlone(
            @ForAll Residence residence, @ForAll KernelChoice kernels, @ForAll("texts") List<int[]> texts) {
        CausalLM model = MODELS.computeIfAbsent(new ModelVariant(residence, kernels), each -> each.load(TINY));
        Sequence sequence = Sequence.sharingTheirBeginning(texts);
        float[] together = hiddenStates(model, sequence);
        for (int text = 0; text < texts.size(); text++) {
            float[] alone = hiddenStates(model, Sequence.of(texts.get(text)));
            for (int position = 0; position < texts.get(text).length; position++) {
                int index = sequence.index(text, position);
                assertArrayEquals(
                        Arrays.copyOfRange(alone, position * HIDDEN, (position + 1) * HIDDEN),
                        Arrays.copyOfRange(together, index * HIDDEN, (index + 1) * HIDDEN),
                        1e-5f,
                        "token " + position + " of text " + text);
            }
        }
    }

    /** Few different tokens, so that many texts begin alike, are the beginning of another or equal to it. */
    @Provide
    Arbitrary<List<int[]>> texts() {
        Arbitrary<int[]> anyBeginning = Arbitraries.integers().between(2, 30).array(int[].class).ofMaxSize(20);
        Arbitrary<int[]> anyEnding = Arbitraries.integers().between(2, 3).array(int[].class).ofMinSize(1).ofMaxSize(6);
        return anyBeginning.flatMap(beginning -> anyEnding
                .map(ending -> IntStream.concat(Arrays.stream(beginning), Arrays.stream(ending)).toArray())
                .list()
                .ofMinSize(1)
                .ofMaxSize(5));
    }

    private static boolean isLowerTriangle(float[] mask, int size) {
        return IntStream.range(0, mask.length).allMatch(i -> (mask[i] == 0) == (i % size <= i / size));
    }

    private static float[] hiddenStates(CausalLM model, Sequence sequence) {
        try (NDManager scope = model.newScope()) {
            NDArray states = model.hiddenStates(
                            scope,
                            List.of(sequence),
                            List.of(ForwardPass.original(0)),
                            ActivationReader.NONE,
                            Progress.NONE)
                    .get(0);
            return states.toFloatArray(); // [T * hidden]
        }
    }
}
