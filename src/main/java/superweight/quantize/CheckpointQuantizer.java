package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.FloatType;
import superweight.checkpoint.SafetensorsWriter;
import superweight.checkpoint.SafetensorsWriter.Tensor;
import superweight.checkpoint.Shape;
import superweight.model.Coordinate;
import superweight.model.Intervention.Cell;
import superweight.model.LinearLayer;
import superweight.model.TorchEngine;
import superweight.model.WeightReader;

/**
 * Fake-quantizes the weights of a checkpoint one after the other, and keeps account of what each loses.
 *
 * <p>Clip, quantize, restore (paper formula 2), for every linear layer's weight by itself. Embedding, output projection
 * and norms are passed on bit for bit; where they are stored in quantized blocks, as the float32 numbers that these
 * stand for. One matrix at a time is in memory.
 */
public final class CheckpointQuantizer {
    private final Checkpoint checkpoint;
    private final Quantizer quantizer;
    private final List<Coordinate> heldOut;
    private final Optional<FloatType> type;
    private final Map<String, Matrix> matrices = new LinkedHashMap<>();
    private final Map<Matrix, QuantizationError> errors = new LinkedHashMap<>();
    private final List<HeldOutWeight> held = new ArrayList<>();

    /** One linear layer's weight. */
    public record Matrix(int layer, LinearLayer linear) {
        public String weightName() {
            return linear.weightName(layer);
        }
    }

    /**
     * @param heldOut weights of down_proj that stay as they are, at places that the model has
     * @param type what the quantized matrices are written as; empty for what each of them is stored as, and float32
     *     for one that is stored in quantized blocks
     */
    public CheckpointQuantizer(
            Checkpoint checkpoint, Quantizer quantizer, List<Coordinate> heldOut, Optional<FloatType> type) {
        this.checkpoint = checkpoint;
        this.quantizer = quantizer;
        this.heldOut = List.copyOf(heldOut);
        this.type = type;
        for (int layer = 0; layer < checkpoint.config().numHiddenLayers(); layer++) {
            for (LinearLayer linear : LinearLayer.values()) {
                Matrix matrix = new Matrix(layer, linear);
                matrices.put(matrix.weightName(), matrix);
            }
        }
    }

    /** Every weight of the model as it is to be written, in the order in which a forward pass meets them. */
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        checkpoint.tensors().forEach((name, shape) -> tensors.add(new Tensor(name, typeOf(name), shape)));
        return tensors;
    }

    /** The type of the quantized matrices, or the narrowest that holds all of theirs. */
    public FloatType matrixType() {
        return FloatType.common(matrices.keySet().stream().map(name -> typeOf(name).stored()).toList());
    }

    /**
     * Writes one weight, quantized if it is to be.
     *
     * @throws InvalidInputException if a weight is not finite, or larger than its type can be
     */
    public void write(Tensor tensor, SafetensorsWriter to) throws IOException {
        if (matrices.containsKey(tensor.name())) {
            writeQuantized(matrices.get(tensor.name()), tensor, to);
        } else {
            copy(tensor, to);
        }
    }

    /** What each matrix that has been written lost. */
    public Map<Matrix, QuantizationError> errors() {
        return errors;
    }

    /** The weights held out in the matrices that have been written. */
    public List<HeldOutWeight> heldOut() {
        return held;
    }

    private FloatType typeOf(String name) {
        FloatType own = FloatType.of(checkpoint.type(name)).orElse(FloatType.FLOAT32);
        return matrices.containsKey(name) ? type.orElse(own) : own;
    }

    private void copy(Tensor tensor, SafetensorsWriter to) throws IOException {
        Shape shape = tensor.shape();
        int columns = Math.toIntExact(shape.rowElements());
        int rows = Math.max(1, Pieces.ELEMENTS / columns);
        float[] values = new float[rows * columns];
        for (long row = 0; row < shape.rows(); row += rows) {
            int count = (int) Math.min(rows, shape.rows() - row) * columns;
            checkpoint.read(tensor.name(), row, FloatBuffer.wrap(values, 0, count));
            to.write(values, count);
        }
    }

    private void writeQuantized(Matrix matrix, Tensor tensor, SafetensorsWriter to) throws IOException {
        try (NDManager scope = TorchEngine.newManager()) {
            NDArray weight = WeightReader.of(checkpoint, scope).tensor(tensor.name()); // [out, in]
            NDArray clipped = alone(weight, all -> quantizer.clip().clip(all, quantizer.blocks())); // [out, in]
            long changed = alone(clipped, all -> all.neq(weight).sum()).getLong();
            NDArray levels = alone(clipped, quantizer.clipping(new Clip.None())::apply); // [out, in]
            List<Cell> cells = cells(matrix);
            NDArray kept = cells.isEmpty() ? levels : new Restored(same -> levels, cells).apply(weight); // [out, in]
            cells.forEach(cell -> hold(matrix, tensor, cell, weight, levels));
            double bits = quantizer.bitsPerElement(weight.getShape().get(0), weight.getShape().get(1));
            errors.put(matrix, write(tensor, weight.flatten(), kept.flatten(), to)
                    .plus(new QuantizationError(weight.size(), bits * weight.size(), 0, 0, 0, 0, changed)));
        } catch (InvalidInputException e) {
            throw new InvalidInputException(
                    "In " + checkpoint.path() + ", " + tensor.name() + " cannot be quantized: " + e.getMessage(), e);
        }
    }

    /** What a function makes of an array, without the arrays on the way: each may be as large as the matrix. */
    private static NDArray alone(NDArray array, UnaryOperator<NDArray> function) {
        NDManager scope = array.getManager();
        try (NDManager onTheWay = scope.newSubManager()) {
            array.tempAttach(onTheWay);
            NDArray result = function.apply(array);
            if (result != array) { // a function may hand back what it was given
                result.attach(scope);
            }
            return result;
        }
    }

    private List<Cell> cells(Matrix matrix) {
        return heldOut.stream()
                .filter(at -> matrix.equals(new Matrix(at.layer(), LinearLayer.DOWN_PROJ)))
                .map(at -> new Cell(at.row(), at.column()))
                .toList();
    }

    private void hold(Matrix matrix, Tensor tensor, Cell cell, NDArray weight, NDArray levels) {
        float original = weight.getFloat(cell.row(), cell.column());
        held.add(new HeldOutWeight(
                new Coordinate(matrix.layer(), cell.row(), cell.column()),
                original,
                levels.getFloat(cell.row(), cell.column()),
                rounded(new float[] {original}, tensor.type())[0]));
    }

    /** Hands a matrix on, {@code [out x in]}, and sums up what it lost. */
    private static QuantizationError write(Tensor tensor, NDArray original, NDArray kept, SafetensorsWriter to)
            throws IOException {
        QuantizationError all = QuantizationError.NONE;
        for (long from = 0; from < original.size(); from += Pieces.ELEMENTS) {
            float[] values = Pieces.from(from, kept);
            float[] written = rounded(values, tensor.type());
            all = all.plus(error(Pieces.from(from, original), values, written));
            to.write(values, values.length);
        }
        return all;
    }

    private static QuantizationError error(float[] original, float[] values, float[] written) {
        double squares = 0;
        double squaredErrors = 0;
        double squaredStorageErrors = 0;
        double largest = 0;
        for (int i = 0; i < original.length; i++) {
            double error = (double) written[i] - original[i];
            double storage = (double) written[i] - values[i];
            squares += (double) original[i] * original[i];
            squaredErrors += error * error;
            squaredStorageErrors += storage * storage;
            largest = Math.max(largest, Math.abs(error));
        }
        return new QuantizationError(0, 0, squares, squaredErrors, squaredStorageErrors, largest, 0);
    }

    /** Numbers as a file of that type gives them back. */
    private static float[] rounded(float[] values, FloatType type) {
        byte[] bytes = new byte[values.length * type.bytes()];
        type.encode(values, values.length, bytes);
        float[] rounded = new float[values.length];
        type.stored().decode(bytes, values.length, rounded);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(rounded[i])) {
                throw new InvalidInputException(values[i] + " is beyond the largest number of " + type + ".");
            }
        }
        return rounded;
    }
}
