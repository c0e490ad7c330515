package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.TestModel;
import superweight.measure.ChannelMaxima;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.Intervention;
import superweight.model.TensorMap;
import superweight.quantize.Blocks;
import superweight.quantize.Outlier;
import superweight.quantize.ReplaceAndRestore;
import superweight.quantize.SmoothQuant;
import superweight.quantize.StandIn;
import superweight.quantize.W8A8;

/** Every way to quantize weights and activations gives the loss that PyTorch gives with hooks on its linear layers. */
class W8A8ParityTest {
    /**
     * In nats. A number between two levels goes to either as rounding errors will have it. In the last layer, which
     * alone is quantized here, few do; in all thirty they add up to 0.1 on so short a text, between PyTorch on float32
     * and on float64 too.
     */
    private static final double TOLERANCE = 0.015;

    private record Golden(
            @SerializedName("from_layer") int fromLayer,
            int[] calibration,
            int[] ids,
            @SerializedName("float") double unquantized,
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
     * @param nll mean over the tokens after the first, in nats
     */
    private record Way(String name, String blocks, double nll) {}

    private final CausalLM model = TestModel.smollm2();
    private final Golden golden = Golden.read();

    @Test
    void everyWayGivesTheReferencesLoss() {
        ChannelMaxima maxima = ChannelMaxima.measure(
                model, List.of(golden.calibration), SmoothQuant.SITES, Progress.NONE);
        List<Condition> conditions = new ArrayList<>(List.of(Condition.ORIGINAL));
        golden.ways.forEach(way -> conditions.add(new Condition(way.toString(),
                interventions(way, maxima).stream().filter(each -> each.layer() >= golden.fromLayer).toList())));
        List<Perplexity> measured = Perplexity.measureAll(model, List.of(golden.ids), conditions, Progress.NONE);
        assertEquals(golden.unquantized, measured.get(0).meanNll(), 1e-4);
        for (int i = 0; i < golden.ways.size(); i++) {
            Way way = golden.ways.get(i);
            assertEquals(way.nll, measured.get(i + 1).meanNll(), TOLERANCE, way.toString());
        }
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
