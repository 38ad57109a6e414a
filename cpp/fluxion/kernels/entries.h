#pragma once
// The CPU backend's implementations, one function per primitive. kernels.h says what each computes.

#include "fluxion/kernels/kernels.h"

namespace fluxion::kernels::cpu {

void fill(const View* views, const void* params);
void arange(const View* views, const void* params);
void copy(const View* views, const void* params);
void unary(const View* views, const void* params);
void binary(const View* views, const void* params);
void where(const View* views, const void* params);
void random(const View* views, const void* params);
void reduce(const View* views, const void* params);
void arg_reduce(const View* views, const void* params);
void scan(const View* views, const void* params);
void softmax(const View* views, const void* params);
void softmax_grad(const View* views, const void* params);
void tri(const View* views, const void* params);
void sort(const View* views, const void* params);
void gemm(const View* views, const void* params);
void conv2d(const View* views, const void* params);
void conv2d_grad_input(const View* views, const void* params);
void conv2d_grad_weight(const View* views, const void* params);
void max_pool2d(const View* views, const void* params);
void max_pool2d_grad(const View* views, const void* params);
void avg_pool2d(const View* views, const void* params);
void avg_pool2d_grad(const View* views, const void* params);
void layer_norm(const View* views, const void* params);
void layer_norm_grad(const View* views, const void* params);
void batch_norm(const View* views, const void* params);
void batch_norm_grad(const View* views, const void* params);
void gather(const View* views, const void* params);
void scatter_add(const View* views, const void* params);
void index_select(const View* views, const void* params);
void index_add(const View* views, const void* params);
void cross_entropy(const View* views, const void* params);
void cross_entropy_grad(const View* views, const void* params);
void attention(const View* views, const void* params);
void attention_grad(const View* views, const void* params);
void sgd_step(const View* views, const void* params);
void adam_step(const View* views, const void* params);

}  // namespace fluxion::kernels::cpu
