package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** All kernels that this build of libtorch has, and what each of them is held to. */
final class KernelVariants implements AutoCloseable {
    /** Values are up to about 10 in size; float32 leaves them a few 1e-6. */
    static final float TOLERANCE = 2e-5f;

    private final NDManager manager = TorchEngine.newManager();
    private final Kernels reference = new NdArrayKernels();
    private final List<Kernels> all = new ArrayList<>(List.of(reference));

    /** What this build must have, {@link KernelChoiceTest} knows. */
    KernelVariants() {
        for (TorchScriptKernels.Linear variant : TorchScriptKernels.Linear.values()) {
            try {
                all.add(TorchScriptKernels.load(manager, variant));
            } catch (EngineException e) {
                System.out.println("Not in this build: " + variant);
            }
        }
    }

    List<Kernels> all() {
        return all;
    }

    NDManager newScope() {
        return manager.newSubManager();
    }

    /** All give what the reference gives, wherever x lies in memory, and leave x as it was. */
    void assertAsTheReference(float[] x, Shape shape, BiFunction<Kernels, NDArray, NDArray> operation) {
        try (NDManager scope = newScope()) {
            NDArray expected = operation.apply(reference, scope.create(x, shape));
            assertGives(expected.toFloatArray(), expected.getShape(), x, shape, operation);
        }
    }

    /** All give what is expected, wherever x lies in memory, and leave x as it was. */
    void assertGives(
            float[] expected,
            Shape expectedShape,
            float[] x,
            Shape shape,
            BiFunction<Kernels, NDArray, NDArray> operation) {
        try (NDManager scope = newScope()) {
            for (Kernels kernels : all) {
                for (NDArray each : layouts(scope.create(x, shape))) {
                    NDArray actual = operation.apply(kernels, each);
                    assertEquals(expectedShape, actual.getShape());
                    assertArrayEquals(expected, actual.toFloatArray(), TOLERANCE, kernels.name());
                    assertArrayEquals(x, each.toFloatArray(), "the argument is as it was");
                }
            }
        }
    }

    /** The same values, once contiguous and once with the first two axes the other way round in memory. */
    private static List<NDArray> layouts(NDArray x) {
        int[] swap = x.getShape().dimension() == 2 ? new int[] {1, 0} : new int[] {1, 0, 2};
        NDArray swapped = x.transpose(swap);
        return List.of(x, swapped.add(0).transpose(swap)); // addition makes another array
    }

    static float[] numbers(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @Override
    public void close() {
        manager.close();
    }
}
