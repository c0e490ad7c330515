package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;

class KernelChoiceTest {
    /** Everywhere the tests run there are fused kernels, so that what is tested is what is used. */
    @Test
    void theFusedKernelsAreThoseOfTorchScriptAndOnX86OneDnns() {
        String name = name(KernelChoice.FUSED);
        assertTrue(name.endsWith("by TorchScript"), name);
        boolean x86 = System.getProperty("os.arch").matches("amd64|x86_64");
        assertTrue(!x86 || name.startsWith("oneDNN"), name);
    }

    @Test
    void theReferenceIsPlainNdArrayOperations() {
        assertEquals("NDArray operations", name(KernelChoice.REFERENCE));
    }

    @ParameterizedTest
    @CsvSource({"'', FUSED", "' ', FUSED", "fused, FUSED", "reference, REFERENCE"})
    void aWordChooses(String word, KernelChoice expected) {
        assertEquals(expected, KernelChoice.parse(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Fused", "onednn", "reference "})
    void refusesAWordThatNamesNone(String word) {
        assertEquals("SUPERWEIGHT_KERNELS: expected fused or reference, found \"" + word + "\".",
                assertThrows(InvalidInputException.class, () -> KernelChoice.parse(word)).getMessage());
    }

    /** What decides that a build of libtorch has no oneDNN. */
    @Test
    void aModuleThatNamesAnUnknownOperationIsRefusedByTheEngine() {
        String text = """
                  def linear(self: __torch__.Kernels, x: Tensor) -> Tensor:
                    return ops.mkldnn._no_such_operation(x)
                """;
        try (NDManager manager = TorchEngine.newManager()) {
            String message = assertThrows(EngineException.class, () -> TorchScriptModule.compile(manager, text))
                    .getMessage();
            assertTrue(message.contains("_no_such_operation"), message);
        }
    }

    private static String name(KernelChoice choice) {
        try (NDManager manager = TorchEngine.newManager()) {
            return choice.load(manager).name();
        }
    }
}
