package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;
import superweight.checkpoint.Family;
import superweight.checkpoint.RandomLlama;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapOutput;
import superweight.model.Intervention.ReplaceActivation;

/** What a matrix takes in is seen, and what it gives is changed, as a forward pass in plain loops has it. */
@ParameterizedClass
@MethodSource("superweight.model.ModelVariant#all")
class MapOutputTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int LAYER = 1;
    private static final float SHARE = 0.4f;
    private static final TensorMap CLIPPED = new TestMaps.ClippedTensor(SHARE);

    private final ModelVariant variant;
    private final CausalLM model;
    private final List<int[]> texts;

    MapOutputTest(ModelVariant variant) {
        this.variant = variant;
        this.model = variant.load(TINY);
        this.texts = List.of(Logits.ids(model, 12, 1), Logits.ids(model, 7, 2));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatAMatrixGivesForOneTextIsReplacedByAFunctionOfIt(LinearLayer matrix) {
        assertLogitsAre(
                List.of(product(matrix, MapOutputTest::clipped)), List.of(new MapOutput(LAYER, matrix, CLIPPED)));
    }

    @ParameterizedTest
    @EnumSource
    void itsInputIsMappedBeforeAndItsOutputAfterwards(LinearLayer matrix) {
        assertLogitsAre(
                List.of(input(matrix, MapOutputTest::clipped), product(matrix, MapOutputTest::shifted)),
                List.of(
                        new MapOutput(LAYER, matrix, y -> y.add(0.5)),
                        new MapInput(LAYER, matrix, CLIPPED)));
    }

    /** The bias is a part of what a matrix gives, the norm of its heads comes after it. */
    @ParameterizedTest
    @EnumSource(names = {"Q_PROJ", "K_PROJ", "V_PROJ"})
    void aMatrixGivesItsBiasTooAndHeadsAreNormedAfterwards(LinearLayer matrix) {
        for (Family family : List.of(Family.QWEN2, Family.QWEN3)) {
            RandomLlama tiny = RandomLlama.of(RandomLlama.in(family, TINY.config()), 1);
            double[][] expected =
                    ReferenceForward.logits(tiny, texts.get(0), List.of(product(matrix, MapOutputTest::clipped)));
            try (CausalLM other = variant.load(tiny)) {
                float[] actual = Logits.of(other, texts.get(0), new MapOutput(LAYER, matrix, CLIPPED));
                int vocab = tiny.config().vocabSize();
                for (int i = 0; i < actual.length; i++) {
                    assertEquals(expected[i / vocab][i % vocab], actual[i], 1e-4, family + " " + i);
                }
            }
        }
    }

    @Test
    void functionsOfOneOutputAndWhatIsWrittenOverItFollowEachOther() {
        ReferenceForward.Change clipping = product(LinearLayer.DOWN_PROJ, MapOutputTest::clipped);
        ReferenceForward.Change replacing = product(LinearLayer.DOWN_PROJ, y -> {
            y[2][5] = 7;
            return y;
        });
        Intervention clip = new MapOutput(LAYER, LinearLayer.DOWN_PROJ, CLIPPED);
        Intervention replace = new ReplaceActivation(LAYER, 5, 2, 7);
        assertLogitsAre(List.of(clipping, replacing), List.of(clip, replace));
        assertLogitsAre(List.of(replacing, clipping), List.of(replace, clip));
    }

    @Test
    void aReaderSeesTheMappedOutput() {
        List<Float> largest = new ArrayList<>();
        for (List<Intervention> interventions : List.<List<Intervention>>of(
                List.of(), List.of(new MapOutput(LAYER, LinearLayer.O_PROJ, CLIPPED)))) {
            model.read(texts.get(0), LAYER + 1, interventions, (run, point, activation) -> {
                if (point.equals(new HookPoint(LAYER, HookPoint.Site.ATTN_OUT))) {
                    largest.add(activation.abs().max().getFloat());
                }
            });
        }
        assertEquals(SHARE * largest.get(0), largest.get(1), 1e-5);
    }

    @ParameterizedTest
    @EnumSource
    void aReaderOfItsInputSiteSeesWhatAMatrixIsMultipliedBy(LinearLayer matrix) {
        List<double[][]> expected = new ArrayList<>();
        ReferenceForward.logits(TINY, texts.get(0), List.of(new ReferenceForward.Change() {
            @Override
            public double[][] input(int layer, LinearLayer at, double[][] x) {
                if (at == matrix) {
                    expected.add(x);
                }
                return x;
            }
        }));
        List<float[]> seen = new ArrayList<>();
        model.read(texts.get(0), TINY.config().numHiddenLayers(), List.of(), (run, point, activation) -> {
            if (point.site() == matrix.inputSite()) {
                assertEquals(seen.size(), point.layer());
                seen.add(activation.toFloatArray());
            }
        });
        assertEquals(expected.size(), seen.size());
        for (int layer = 0; layer < seen.size(); layer++) {
            double[] flat = Arrays.stream(expected.get(layer)).flatMapToDouble(Arrays::stream).toArray();
            assertEquals(flat.length, seen.get(layer).length);
            for (int i = 0; i < flat.length; i++) {
                assertEquals(flat[i], seen.get(layer)[i], 1e-4, "layer " + layer);
            }
        }
    }

    @Test
    void refusesALayerThatTheModelDoesNotHave() {
        assertEquals(
                "There is no layer 3 for model.layers.3.self_attn.v_proj.weight: this model's run from 0 to 2.",
                assertThrows(
                                InvalidInputException.class,
                                () -> Logits.of(model, texts.get(0), new MapOutput(3, LinearLayer.V_PROJ, CLIPPED)))
                        .getMessage());
    }

    /** Both texts go through the model together; each must come out as the reference has it alone. */
    private void assertLogitsAre(List<ReferenceForward.Change> changes, List<Intervention> interventions) {
        List<float[]> logits = Logits.of(model, texts, interventions);
        List<float[]> original = Logits.of(model, texts, List.of());
        for (int text = 0; text < texts.size(); text++) {
            double[] expected = Arrays.stream(ReferenceForward.logits(TINY, texts.get(text), changes))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            double change = 0;
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], logits.get(text)[i], 1e-4, "text " + text + ", score " + i);
                change = Math.max(change, Math.abs(expected[i] - original.get(text)[i]));
            }
            assertTrue(change > 0.01, "the change must be larger than rounding errors");
        }
    }

    private static ReferenceForward.Change input(LinearLayer at, UnaryOperator<double[][]> definition) {
        return new ReferenceForward.Change() {
            @Override
            public double[][] input(int layer, LinearLayer matrix, double[][] x) {
                return layer == LAYER && matrix == at ? definition.apply(x) : x;
            }
        };
    }

    private static ReferenceForward.Change product(LinearLayer at, UnaryOperator<double[][]> definition) {
        return new ReferenceForward.Change() {
            @Override
            public double[][] product(int layer, LinearLayer matrix, double[][] y) {
                return layer == LAYER && matrix == at ? definition.apply(y) : y;
            }
        };
    }

    /** Bounded by {@link #SHARE} of the text's largest. */
    private static double[][] clipped(double[][] x) {
        double most = SHARE * Arrays.stream(x).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
        return Arrays.stream(x)
                .map(row -> Arrays.stream(row).map(value -> Math.max(-most, Math.min(most, value))).toArray())
                .toArray(double[][]::new);
    }

    private static double[][] shifted(double[][] x) {
        return Arrays.stream(x)
                .map(row -> Arrays.stream(row).map(value -> value + 0.5).toArray())
                .toArray(double[][]::new);
    }
}
