package io.gradlens.udf;

import io.gradlens.model.NativeBackend;

/** The GPUs of the backend that ND4J has loaded. */
final class Nd4jGpus implements GpuBinding.Gpus {

  @Override
  public int count() {
    return NativeBackend.gpus();
  }

  @Override
  public void attach(int device) {
    NativeBackend.useGpu(device);
  }
}
