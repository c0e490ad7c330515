package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import superweight.Progress;
import superweight.TestModel;
import superweight.measure.ChannelMaxima;
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;
import superweight.model.TensorMap;
import superweight.quantize.Blocks;
import superweight.quantize.Outlier;
import superweight.quantize.ReplaceAndRestore;
import superweight.quantize.SmoothQuant;
import superweight.quantize.StandIn;
import superweight.quantize.W8A8;

/**
 * Every way to quantize weights and activations has the errors that PyTorch has with hooks on its linear layers.
 *
 * <p>The golden values are made by a short Python script on transformers: it registers hooks on the linear layers of
 * one decoder layer that quantize their inputs and outputs, writes quantized weights into it, and takes the residual
 * stream after the layer less what that is in float.
 */
class W8A8ParityTest {
    /**
     * Of the norm of the reference's error. A number between two levels goes to either as rounding errors will have
     * it, and each that does moves the error by about half a percent. In one layer and on a few tokens hardly any does:
     * PyTorch on float32 and on float64 are 1e-5 apart. Over thirty layers such errors grow beyond what is told apart
     * here.
     */
    private static final double TOLERANCE = 0.02;

    /** How many tolerances any two ways are apart, at least. */
    private static final double APART = 10;

    /**
     * @param layer the one that is quantized
     * @param tokens how many are compared, from the first on
     * @param everyChannel how far the channels that are compared lie apart
     * @param unquantized the residual stream after the layer in float, {@code [tokens, channels]}, row-major
     */
    private record Golden(
            int layer,
            int tokens,
            @SerializedName("every_channel") int everyChannel,
            int[] calibration,
            int[] ids,
            @SerializedName("float") double[] unquantized,
            List<Way> ways) {
        static Golden read() {
            try (Reader json = new InputStreamReader(
                    Golden.class.getResourceAsStream("/golden/w8a8.json"), StandardCharsets.UTF_8)) {
                return new Gson().fromJson(json, Golden.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * @param name what is done about outliers
     * @param blocks which activations share a step: those of a {@code token} or of a {@code tensor}
     * @param error what quantizing adds to the residual stream after the layer, {@code [tokens, channels]}, row-major
     */
    private record Way(String name, String blocks, double[] error) {
        String title() {
            return name + ", one step a " + blocks;
        }
    }

    private final CausalLM model = TestModel.smollm2();
    private final Golden golden = Golden.read();

    @Test
    void everyWayHasTheReferencesErrors() {
        double[] unquantized = residualStream(List.of());
        assertTrue(distance(unquantized, golden.unquantized) < 1e-4, "float");
        ChannelMaxima maxima = ChannelMaxima.measure(
                model, List.of(golden.calibration), SmoothQuant.SITES, Progress.NONE);
        assertAll(golden.ways.stream().map(way -> (Executable) () -> {
            double distance = distance(minus(residualStream(interventions(way, maxima)), unquantized), way.error);
            assertTrue(distance < TOLERANCE, () -> way.title() + ": " + distance);
        }));
    }

    /** Else the test above could not fail where one way is taken for another. */
    @Test
    void noTwoWaysCanBeTakenForEachOther() {
        for (Way way : golden.ways) {
            for (Way other : golden.ways) {
                double distance = distance(other.error, way.error);
                assertTrue(way == other || distance > APART * TOLERANCE,
                        () -> other.title() + " for " + way.title() + ": " + distance);
            }
        }
    }

    /** After the layer with some interventions in it, {@code [tokens, channels]}, row-major. */
    private double[] residualStream(List<Intervention> interventions) {
        List<double[]> seen = new ArrayList<>();
        model.read(golden.ids, golden.layer + 1,
                interventions.stream().filter(each -> each.layer() == golden.layer).toList(),
                (run, point, activation) -> {
                    if (point.equals(new HookPoint(golden.layer, Site.RESID_POST))) {
                        seen.add(compared(activation));
                    }
                });
        assertEquals(1, seen.size());
        return seen.get(0);
    }

    /** What is compared of {@code [T, hidden]}. */
    private double[] compared(NDArray activation) {
        int hidden = model.config().hiddenSize();
        float[] values = activation.toFloatArray();
        return IntStream.range(0, golden.tokens * hidden)
                .filter(i -> i % hidden % golden.everyChannel == 0)
                .mapToDouble(i -> values[i])
                .toArray();
    }

    private static double[] minus(double[] values, double[] others) {
        assertEquals(others.length, values.length);
        return IntStream.range(0, values.length).mapToDouble(i -> values[i] - others[i]).toArray();
    }

    /** As a share of the expected values' norm. */
    private static double distance(double[] found, double[] expected) {
        return norm(minus(found, expected)) / norm(expected);
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }

    private List<Intervention> interventions(Way way, ChannelMaxima maxima) {
        TensorMap quantizer = W8A8.symmetric(switch (way.blocks) {
            case "token" -> new Blocks.Rows();
            case "tensor" -> new Blocks.Whole();
            default -> throw new IllegalArgumentException(way.blocks);
        });
        W8A8 naive = W8A8.naive(model.config(), quantizer);
        return switch (way.name) {
            case "naive" -> naive.interventions();
            case "held out" -> naive.withInputs(
                            new ReplaceAndRestore(new Outlier.Largest(), StandIn.MEDIAN_OF_TOKEN, quantizer))
                    .interventions();
            case "SmoothQuant 0.85" -> naive.after(new SmoothQuant(0.85).interventions(model, maxima));
            case "SmoothQuant 0.5" -> naive.after(new SmoothQuant(0.5).interventions(model, maxima));
            default -> throw new IllegalArgumentException(way.name);
        };
    }
}
