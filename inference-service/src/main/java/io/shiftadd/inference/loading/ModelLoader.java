package io.shiftadd.inference.loading;

/** Brings a registered model into memory. */
interface ModelLoader {

    /**
     * @throws ModelLoadException naming what is wrong with it
     */
    ServedModel load(RegisteredModel model);
}
