package superweight.model;

import java.util.List;
import superweight.InvalidInputException;
import superweight.checkpoint.ModelConfig;

/**
 * A change to the model for the length of one measurement, as data.
 *
 * <p>The model applies it to copies of the rows or tensors it names; the weights themselves are never
 * written to, so no intervention can leak from one measurement into the next.
 */
public sealed interface Intervention {
    /** The decoder layer it first changes: up to here the model is the original one. */
    int layer();

    /** How many single weights it names. */
    int weights();

    /** Refuses an intervention that names a place this model does not have. */
    void check(ModelConfig config);

    /** Whether the layer stays the original one up to its down_proj, what that multiplies included. */
    boolean startsAtDownProj();

    /**
     * Whether what it does to one token may depend on the others of its text, so that texts which begin alike
     * cannot be read as one {@link Sequence}.
     */
    default boolean looksAtWholeText() {
        return false;
    }

    /** A place in a weight matrix: row = output channel, column = input channel. */
    record Cell(int row, int column) {}

    /**
     * Multiplies some weights of one matrix by a factor; 0 prunes them.
     *
     * @param layer decoder layer, from 0
     * @param matrix which of the layer's seven matrices
     * @param cells the weights' places
     * @param factor what each is multiplied by; finite
     */
    record ScaleWeights(int layer, LinearLayer matrix, List<Cell> cells, float factor)
            implements Intervention {
        public ScaleWeights {
            cells = List.copyOf(cells);
            if (!Float.isFinite(factor)) {
                throw new InvalidInputException(
                        "The factor for " + matrix.weightName(layer)
                                + " must be a finite number, but it is " + factor + ".");
            }
        }

        @Override
        public boolean startsAtDownProj() {
            return matrix == LinearLayer.DOWN_PROJ;
        }

        @Override
        public int weights() {
            return cells.size();
        }

        @Override
        public void check(ModelConfig config) {
            checkRange("layer", layer, config.numHiddenLayers(), matrix, layer);
            for (Cell cell : cells) {
                checkRange("row (output channel)", cell.row(), matrix.outFeatures(config), matrix, layer);
                checkRange("column (input channel)", cell.column(), matrix.inFeatures(config), matrix, layer);
            }
        }
    }

    /**
     * Puts the super activation back where its weight is pruned (paper section 3.2 and Table 1,
     * "Prune SW, +SA"): in each sequence, the one largest activation that the original weights give
     * in a channel of down_proj's output is written over what the changed weights give there.
     *
     * <p>As in the paper's code, the value is the sequence's own, and the channel's other tokens stay
     * as the changed weights make them.
     *
     * @param layer decoder layer, from 0
     * @param channel output channel of down_proj: the row of the super weight
     */
    record RestoreSuperActivation(int layer, int channel) implements Intervention {
        @Override
        public boolean startsAtDownProj() {
            return true;
        }

        @Override
        public int weights() {
            return 0;
        }

        @Override
        public void check(ModelConfig config) {
            LinearLayer matrix = LinearLayer.DOWN_PROJ;
            checkRange("layer", layer, config.numHiddenLayers(), matrix, layer);
            checkRange("row (output channel)", channel, matrix.outFeatures(config), matrix, layer);
        }

        @Override
        public boolean looksAtWholeText() {
            return true;
        }
    }

    /**
     * Changes the super activation itself, on whichever token of a sequence it sits: as {@link RestoreSuperActivation},
     * that is where the original weights give the channel of down_proj's output its largest activation.
     *
     * @param layer decoder layer, from 0
     * @param channel output channel of down_proj: the row of the super weight
     * @param change what is done there
     */
    record ChangeSuperActivation(int layer, int channel, SuperActivationChange change) implements Intervention {
        @Override
        public boolean startsAtDownProj() {
            return true;
        }

        @Override
        public int weights() {
            return 0;
        }

        @Override
        public void check(ModelConfig config) {
            LinearLayer matrix = LinearLayer.DOWN_PROJ;
            checkRange("layer", layer, config.numHiddenLayers(), matrix, layer);
            checkRange("channel", channel, matrix.outFeatures(config), matrix, layer);
        }

        @Override
        public boolean looksAtWholeText() {
            return true;
        }
    }

    /**
     * Writes a number over one activation of down_proj's output.
     *
     * @param layer decoder layer, from 0
     * @param channel output channel of down_proj
     * @param token its place in the text, from 0; texts that are shorter stay as they are
     * @param value what is written; finite
     */
    record ReplaceActivation(int layer, int channel, int token, float value) implements Intervention {
        public ReplaceActivation {
            if (token < 0 || !Float.isFinite(value)) {
                throw new InvalidInputException("An activation is replaced on a token from 0 on by a finite number,"
                        + " not on token " + token + " by " + value + ".");
            }
        }

        @Override
        public boolean startsAtDownProj() {
            return true;
        }

        @Override
        public int weights() {
            return 0;
        }

        @Override
        public void check(ModelConfig config) {
            LinearLayer matrix = LinearLayer.DOWN_PROJ;
            checkRange("layer", layer, config.numHiddenLayers(), matrix, layer);
            checkRange("channel", channel, matrix.outFeatures(config), matrix, layer);
        }

        @Override
        public boolean looksAtWholeText() {
            return true;
        }
    }

    /**
     * Puts a function of a weight matrix in its place, such as the matrix quantized.
     *
     * @param layer decoder layer, from 0
     * @param matrix which of the layer's seven matrices
     * @param map from {@code [out, in]} to the same
     */
    record MapWeights(int layer, LinearLayer matrix, TensorMap map) implements Intervention {
        @Override
        public boolean startsAtDownProj() {
            return matrix == LinearLayer.DOWN_PROJ;
        }

        @Override
        public int weights() {
            return 0;
        }

        @Override
        public void check(ModelConfig config) {
            checkRange("layer", layer, config.numHiddenLayers(), matrix, layer);
        }
    }

    /**
     * Puts a function of the activations that a weight matrix is multiplied by in their place, such as the
     * activations quantized.
     *
     * @param layer decoder layer, from 0
     * @param matrix which of the layer's seven matrices
     * @param map from one text's activations, {@code [T, in]}, to the same
     */
    record MapInput(int layer, LinearLayer matrix, TensorMap map) implements Intervention {
        @Override
        public boolean startsAtDownProj() {
            return matrix == LinearLayer.DOWN_PROJ;
        }

        @Override
        public int weights() {
            return 0;
        }

        @Override
        public void check(ModelConfig config) {
            checkRange("layer", layer, config.numHiddenLayers(), matrix, layer);
        }

        @Override
        public boolean looksAtWholeText() {
            return true;
        }
    }

    /**
     * Puts a function of what a weight matrix gives, with its bias, in its place, such as queries, keys and values
     * quantized before attention multiplies them (keys and queries before their heads are normed and turned).
     *
     * @param layer decoder layer, from 0
     * @param matrix which of the layer's seven matrices
     * @param map from one text's products, {@code [T, out]}, to the same
     */
    record MapOutput(int layer, LinearLayer matrix, TensorMap map) implements Intervention {
        @Override
        public boolean startsAtDownProj() {
            return matrix == LinearLayer.DOWN_PROJ;
        }

        @Override
        public int weights() {
            return 0;
        }

        @Override
        public void check(ModelConfig config) {
            checkRange("layer", layer, config.numHiddenLayers(), matrix, layer);
        }

        @Override
        public boolean looksAtWholeText() {
            return true;
        }
    }

    private static void checkRange(String what, int found, int size, LinearLayer matrix, int layer) {
        if (found < 0 || found >= size) {
            throw new InvalidInputException("There is no " + what + " " + found + " for "
                    + matrix.weightName(layer) + ": this model's run from 0 to " + (size - 1) + ".");
        }
    }

    /** Multiplies one scalar of down_proj by a factor: how the paper prunes and scales a super weight. */
    static Intervention scale(Coordinate at, double factor) {
        return new ScaleWeights(
                at.layer(),
                LinearLayer.DOWN_PROJ,
                List.of(new Cell(at.row(), at.column())),
                (float) factor);
    }

    /** Sets one scalar of down_proj to zero. */
    static Intervention prune(Coordinate at) {
        return scale(at, 0);
    }

    /** Puts back, on one token, the activation that a super weight writes. */
    static Intervention restoreSuperActivation(Coordinate at) {
        return new RestoreSuperActivation(at.layer(), at.row());
    }
}
