package superweight.cli;

import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import superweight.checkpoint.FloatType;
import superweight.model.LinearLayer;
import superweight.quantize.CheckpointQuantizer;
import superweight.quantize.CheckpointQuantizer.Matrix;
import superweight.quantize.HeldOutWeight;
import superweight.quantize.QuantizationError;

/**
 * What {@code superweight quantize} prints; its fields are the JSON document's.
 *
 * @param block a number of weights, or {@code "tensor"}
 * @param dtype of the quantized matrices
 * @param heldOut the weights that kept their value
 * @param matrices one by one, in the order in which a forward pass meets them
 * @param layers each layer's matrices together
 * @param total all of them together
 */
record QuantizeReport(
        String model,
        String sha256,
        int bits,
        JsonPrimitive block,
        String clip,
        String dtype,
        List<HeldOut> heldOut,
        List<OfMatrix> matrices,
        List<OfLayer> layers,
        Error total) {
    private static final Locale PLAIN = Locale.ROOT;

    /** What the user asked for. */
    record Request(String model, String sha256, int bits, BlockOption block, ClipOption clip) {}

    /**
     * A weight that was held out.
     *
     * @param quantized what it would have become
     * @param written what the file has, the original wherever its type holds that
     */
    record HeldOut(int layer, int row, int column, float original, float quantized, float written) {
        static HeldOut of(HeldOutWeight weight) {
            return new HeldOut(weight.at().layer(), weight.at().row(), weight.at().column(),
                    weight.original(), weight.quantized(), weight.written());
        }

        String place() {
            return layer + ":" + row + ":" + column;
        }
    }

    /**
     * What some weights lost.
     *
     * @param bitsPerWeight a float16 step and smallest element for each block included
     * @param relativeRmsError root mean squared error of what is written over the root mean square of the weights
     * @param largestError in magnitude
     * @param clippedShare of the weights
     * @param relativeRmsStorageError the same as {@code relativeRmsError}, of rounding levels to {@code dtype} alone
     */
    record Error(
            long elements,
            double bitsPerWeight,
            double relativeRmsError,
            double largestError,
            double clippedShare,
            double relativeRmsStorageError) {
        static Error of(QuantizationError error) {
            return new Error(error.elements(), error.bitsPerWeight(), error.relativeRms(), error.largestError(),
                    error.clippedShare(), error.relativeStorageRms());
        }

        static Error of(Stream<QuantizationError> errors) {
            return of(errors.reduce(QuantizationError.NONE, QuantizationError::plus));
        }
    }

    /** What one matrix lost. */
    record OfMatrix(String name, int layer, String matrix, Error error) {}

    /** What a layer's matrices lost together. */
    record OfLayer(int layer, Error error) {}

    /** The report on weights that have all been written. */
    static QuantizeReport of(Request request, CheckpointQuantizer quantized) {
        Map<Matrix, QuantizationError> errors = quantized.errors();
        return new QuantizeReport(
                request.model, request.sha256, request.bits, request.block.json(), request.clip.typed(),
                quantized.matrixType().toString(),
                quantized.heldOut().stream().map(HeldOut::of).toList(),
                errors.keySet().stream()
                        .map(matrix -> new OfMatrix(matrix.weightName(), matrix.layer(), name(matrix.linear()),
                                Error.of(errors.get(matrix))))
                        .toList(),
                errors.keySet().stream().map(Matrix::layer).distinct()
                        .map(layer -> new OfLayer(layer, Error.of(errors.keySet().stream()
                                .filter(matrix -> matrix.layer() == layer)
                                .map(errors::get))))
                        .toList(),
                Error.of(errors.values().stream()));
    }

    /** The report for a person: a row per layer, a column per matrix. */
    String lines() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(cells(
                "layer", Stream.of(LinearLayer.values()).map(QuantizeReport::name), "all", "largest", "clipped"));
        for (OfLayer layer : layers) {
            rows.add(cells(
                    String.valueOf(layer.layer),
                    matrices.stream().filter(each -> each.layer == layer.layer)
                            .map(each -> share(each.error.relativeRmsError)),
                    share(layer.error.relativeRmsError),
                    String.format(PLAIN, "%.3g", layer.error.largestError),
                    share(layer.error.clippedShare)));
        }
        List<String> lines = new ArrayList<>(List.of(TerminalTable.aligned(rows)));
        lines.add("root mean squared error over the root mean square of the weights, in per cent; largest: the largest"
                + " error of a weight, in the weights' own unit; clipped: % of weights");
        heldOut.forEach(weight -> lines.add(String.format(PLAIN, "held out %s: %s, quantized it would be %s",
                weight.place(), weight.written, weight.quantized)));
        lines.add(summary());
        return String.join("\n", lines);
    }

    /** A sentence for each weight held out whose value the type of the file does not hold. */
    List<String> notExact() {
        return heldOut.stream()
                .filter(weight -> weight.written != weight.original)
                .map(weight -> "The weight held out at " + weight.place() + " is " + weight.original + ", which "
                        + dtype + " does not hold: " + weight.written + " is written.")
                .toList();
    }

    /** All matrices in one line. */
    String summary() {
        String storage = dtype.equals(FloatType.FLOAT32.toString()) ? "" : String.format(PLAIN,
                " (of which rounding the levels to %s makes %.2g %%)", dtype, 100 * total.relativeRmsStorageError);
        return String.format(PLAIN, "%,d weights of %d bits in blocks of %s, %.4f bits per weight; error %.3f %%%s",
                total.elements, bits, block.getAsString(), total.bitsPerWeight, 100 * total.relativeRmsError, storage);
    }

    /** The name of a linear layer's module: {@code down_proj}. */
    private static String name(LinearLayer linear) {
        return linear.name().toLowerCase(PLAIN);
    }

    private static String share(double share) {
        return String.format(PLAIN, share == 0 || share >= 1e-4 ? "%.2f" : "%.1e", 100 * share);
    }

    private static List<String> cells(String first, Stream<String> middle, String... last) {
        return Stream.of(Stream.of(first), middle, Stream.of(last)).flatMap(part -> part).collect(Collectors.toList());
    }
}
