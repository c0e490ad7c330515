package superweight.quantize;

import ai.djl.ndarray.NDArray;
import superweight.InvalidInputException;

/**
 * Pulls outliers in before quantization, so that a block's levels lie closer together (paper section 4.2, CLIP_z).
 *
 * <p>The paper's text and its code mean different things by z, and the code has two more ways; which of them made its
 * figure is not said.
 */
public sealed interface Clip {
    /**
     * @param tensor {@code [rows, columns]}, not changed
     * @param blocks whose statistics are taken
     * @return {@code [rows, columns]}
     * @throws InvalidInputException if an element is not a finite number
     */
    NDArray clip(NDArray tensor, Blocks blocks);

    /** Clips nothing. */
    record None() implements Clip {
        @Override
        public NDArray clip(NDArray tensor, Blocks blocks) {
            return tensor;
        }
    }

    /**
     * At the mean of a block's magnitudes and z of their standard deviations above it (the paper's code).
     *
     * @param z for Gaussian weights, z = 9 is at 6.2 standard deviations of the weights
     */
    record MagnitudeDeviations(double z) implements Clip {
        public MagnitudeDeviations {
            requirePositive("z", z);
        }

        @Override
        public NDArray clip(NDArray tensor, Blocks blocks) {
            return blocks.map(requireFinite(tensor), block -> {
                NDArray magnitudes = block.abs();
                NDArray mean = mean(magnitudes); // [blocks, 1]
                NDArray most = mean.add(deviation(magnitudes, mean).mul(z)); // [blocks, 1]
                return block.minimum(most).maximum(most.neg());
            });
        }
    }

    /**
     * At sigma standard deviations on either side of a block's mean (the paper's text: z-score of the weights).
     */
    record Deviations(double sigma) implements Clip {
        public Deviations {
            requirePositive("sigma", sigma);
        }

        @Override
        public NDArray clip(NDArray tensor, Blocks blocks) {
            return blocks.map(requireFinite(tensor), block -> {
                NDArray mean = mean(block); // [blocks, 1]
                NDArray reach = deviation(block, mean).mul(sigma); // [blocks, 1]
                return block.minimum(mean.add(reach)).maximum(mean.sub(reach));
            });
        }
    }

    /**
     * At the k-th largest magnitude of a block of n elements, k = floor(n share + 1) (the paper's code): where n share
     * is below 1 it clips nothing.
     */
    record BlockShare(double share) implements Clip {
        public BlockShare {
            requireShare(share);
        }

        @Override
        public NDArray clip(NDArray tensor, Blocks blocks) {
            return blocks.map(requireFinite(tensor), block -> {
                int k = (int) Math.min(block.getShape().get(1), Math.floor(block.getShape().get(1) * share + 1));
                NDArray most = largest(block.abs(), k); // [blocks, 1]
                return block.minimum(most).maximum(most.neg());
            });
        }
    }

    /** At the k-th largest magnitude of the whole matrix of n elements, k = floor(n share), at least 1 (the code). */
    record TensorShare(double share) implements Clip {
        public TensorShare {
            requireShare(share);
        }

        @Override
        public NDArray clip(NDArray tensor, Blocks blocks) {
            int k = (int) Math.max(1, Math.floor(tensor.size() * share));
            NDArray most = largest(requireFinite(tensor).abs().reshape(1, -1), k); // [1, 1]
            return tensor.minimum(most).maximum(most.neg());
        }
    }

    /** Of each block, {@code [blocks, 1]}. */
    private static NDArray mean(NDArray block) {
        return block.mean(new int[] {1}, true);
    }

    /** The unbiased standard deviation of each block, {@code [blocks, 1]}; 0 for a block of one element. */
    private static NDArray deviation(NDArray block, NDArray mean) {
        long others = Math.max(1, block.getShape().get(1) - 1);
        return block.sub(mean).square().sum(new int[] {1}, true).div(others).sqrt();
    }

    /** The k-th largest of each block, {@code [blocks, 1]}. */
    private static NDArray largest(NDArray magnitudes, int k) {
        return magnitudes.topK(k, 1).get(0).min(new int[] {1}, true);
    }

    private static NDArray requireFinite(NDArray tensor) {
        if (!Float.isFinite(tensor.mul(0).sum().getFloat())) {
            throw new InvalidInputException("Only finite numbers can be clipped, but one is infinite or a NaN.");
        }
        return tensor;
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new InvalidInputException("Weights are clipped at " + name + " > 0, not at " + value + ".");
        }
    }

    private static void requireShare(double share) {
        if (!(share > 0 && share < 1)) {
            throw new InvalidInputException(
                    "The share of weights to clip must be between 0 and 1, but it is " + share + ".");
        }
    }
}
