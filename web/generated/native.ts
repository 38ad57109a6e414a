// Made by `npm run generate` from the rows in cpp/fluxion. Do not edit.

export interface NativeOps {
  op_neg(x: number): number;
  op_abs(x: number): number;
  op_sign(x: number): number;
  op_square(x: number): number;
  op_relu(x: number): number;
  op_floor(x: number): number;
  op_ceil(x: number): number;
  op_round(x: number): number;
  op_trunc(x: number): number;
  op_isnan(x: number): number;
  op_isinf(x: number): number;
  op_isfinite(x: number): number;
  op_logical_not(x: number): number;
  op_exp(x: number): number;
  op_exp2(x: number): number;
  op_expm1(x: number): number;
  op_log(x: number): number;
  op_log2(x: number): number;
  op_log10(x: number): number;
  op_log1p(x: number): number;
  op_sqrt(x: number): number;
  op_rsqrt(x: number): number;
  op_reciprocal(x: number): number;
  op_sin(x: number): number;
  op_cos(x: number): number;
  op_tan(x: number): number;
  op_asin(x: number): number;
  op_acos(x: number): number;
  op_atan(x: number): number;
  op_sinh(x: number): number;
  op_cosh(x: number): number;
  op_tanh(x: number): number;
  op_asinh(x: number): number;
  op_acosh(x: number): number;
  op_atanh(x: number): number;
  op_sigmoid(x: number): number;
  op_logsigmoid(x: number): number;
  op_erf(x: number): number;
  op_erfc(x: number): number;
  op_silu(x: number): number;
  op_mish(x: number): number;
  op_relu6(x: number): number;
  op_selu(x: number): number;
  op_hardsigmoid(x: number): number;
  op_hardswish(x: number): number;
  op_leaky_relu(x: number, negativeSlope: number): number;
  op_elu(x: number, alpha: number): number;
  op_softplus(x: number, beta: number, threshold: number): number;
  op_hardtanh(x: number, minVal: number, maxVal: number): number;
  op_gelu(x: number, approximate: number): number;
  op_clamp(x: number, min: number, min2: number, max: number, max2: number): number;
  op_add(a: number, b: number, b2: number): number;
  op_sub(a: number, b: number, b2: number): number;
  op_mul(a: number, b: number, b2: number): number;
  op_div(a: number, b: number, b2: number): number;
  op_pow(a: number, b: number, b2: number): number;
  op_fmod(a: number, b: number, b2: number): number;
  op_remainder(a: number, b: number, b2: number): number;
  op_atan2(a: number, b: number): number;
  op_lerp(start: number, end: number, weight: number, weight2: number): number;
  op_maximum(a: number, b: number): number;
  op_minimum(a: number, b: number): number;
  op_eq(a: number, b: number, b2: number): number;
  op_ne(a: number, b: number, b2: number): number;
  op_lt(a: number, b: number, b2: number): number;
  op_le(a: number, b: number, b2: number): number;
  op_gt(a: number, b: number, b2: number): number;
  op_ge(a: number, b: number, b2: number): number;
  op_logical_and(a: number, b: number): number;
  op_logical_or(a: number, b: number): number;
  op_logical_xor(a: number, b: number): number;
  op_where(condition: number, a: number, a2: number, b: number, b2: number): number;
  op_masked_fill(x: number, mask: number, value: number): number;
  op_sum(x: number, dim: number, keepdim: number): number;
  op_mean(x: number, dim: number, keepdim: number): number;
  op_variance(x: number, dim: number, correction: number, keepdim: number): number;
  op_std(x: number, dim: number, correction: number, keepdim: number): number;
  op_norm(x: number, p: number, dim: number, keepdim: number): number;
  op_amax(x: number, dim: number, keepdim: number): number;
  op_amin(x: number, dim: number, keepdim: number): number;
  op_max(x: number, dim: number, keepdim: number): number;
  op_min(x: number, dim: number, keepdim: number): number;
  op_argmax(x: number, dim: number, dim2: number, keepdim: number): number;
  op_argmin(x: number, dim: number, dim2: number, keepdim: number): number;
  op_all(x: number, dim: number, keepdim: number): number;
  op_any(x: number, dim: number, keepdim: number): number;
  op_softmax(x: number, dim: number): number;
  op_log_softmax(x: number, dim: number): number;
  op_logsumexp(x: number, dim: number, keepdim: number): number;
  op_view(x: number, shape: number): number;
  op_reshape(x: number, shape: number): number;
  op_flatten(x: number, startDim: number, endDim: number): number;
  op_squeeze(x: number, dim: number, dim2: number): number;
  op_unsqueeze(x: number, dim: number): number;
  op_transpose(x: number, dim0: number, dim1: number): number;
  op_t(x: number): number;
  op_permute(x: number, dims: number): number;
  op_expand(x: number, shape: number): number;
  op_slice(
    x: number,
    dim: number,
    start: number,
    start2: number,
    end: number,
    end2: number,
    step: number,
  ): number;
  op_narrow(x: number, dim: number, start: number, length: number): number;
  op_select(x: number, dim: number, index: number): number;
  op_unbind(x: number, dim: number): number;
  op_split(x: number, splitSize: number, dim: number): number;
  op_chunk(x: number, chunks: number, dim: number): number;
  op_diagonal(x: number, offset: number, dim1: number, dim2: number): number;
  op_windows(x: number, dim: number, size: number, step: number): number;
  op_contiguous(x: number): number;
  op_clone(x: number): number;
  op_cat(tensors: number, dim: number): number;
  op_stack(tensors: number, dim: number): number;
  op_movedim(x: number, source: number, destination: number): number;
  op_repeat(x: number, repeats: number): number;
  op_tile(x: number, dims: number): number;
  op_repeat_interleave(x: number, repeats: number, repeats2: number, dim: number, dim2: number): number;
  op_flip(x: number, dims: number): number;
  op_roll(x: number, shifts: number, dims: number): number;
  op_pad(x: number, pad: number, mode: number, value: number): number;
  op_diag(x: number, diagonal: number): number;
  op_sort(x: number, dim: number, descending: number): number;
  op_argsort(x: number, dim: number, descending: number): number;
  op_topk(x: number, k: number, dim: number, largest: number): number;
  op_cumsum(x: number, dim: number): number;
  op_cumprod(x: number, dim: number): number;
  op_prod(x: number, dim: number, dim2: number, keepdim: number): number;
  op_gather(x: number, dim: number, index: number): number;
  op_scatter_add(x: number, dim: number, index: number, src: number): number;
  op_scatter(x: number, dim: number, index: number, src: number, src2: number): number;
  op_take(x: number, index: number): number;
  op_masked_select(x: number, mask: number): number;
  op_nonzero(x: number): number;
  op_index_select(x: number, dim: number, index: number): number;
  op_index_add(x: number, dim: number, index: number, src: number): number;
  op_embedding(index: number, weight: number, paddingIdx: number, paddingIdx2: number): number;
  op_one_hot(index: number, numClasses: number): number;
  op_tril(x: number, diagonal: number): number;
  op_triu(x: number, diagonal: number): number;
  op_matmul(a: number, b: number): number;
  op_mm(a: number, b: number): number;
  op_bmm(a: number, b: number): number;
  op_addmm(input: number, mat1: number, mat2: number, beta: number, alpha: number): number;
  op_baddbmm(input: number, batch1: number, batch2: number, beta: number, alpha: number): number;
  op_trace(x: number): number;
  op_einsum(equation: number, operands: number): number;
  op_mv(a: number, v: number): number;
  op_dot(a: number, b: number): number;
  op_outer(a: number, b: number): number;
  op_linear(x: number, weight: number, bias: number): number;
  op_scaled_dot_product_attention(
    query: number,
    key: number,
    value: number,
    attnMask: number,
    dropoutP: number,
    isCausal: number,
    scale: number,
    scale2: number,
    enableGqa: number,
  ): number;
  op_rotary_embedding(x: number, positions: number, base: number, interleaved: number): number;
  op_conv2d(
    x: number,
    weight: number,
    bias: number,
    stride: number,
    padding: number,
    dilation: number,
    groups: number,
    paddingMode: number,
  ): number;
  op_conv1d(
    x: number,
    weight: number,
    bias: number,
    stride: number,
    padding: number,
    dilation: number,
    groups: number,
    paddingMode: number,
  ): number;
  op_conv_transpose1d(
    x: number,
    weight: number,
    bias: number,
    stride: number,
    padding: number,
    outputPadding: number,
    groups: number,
    dilation: number,
  ): number;
  op_conv_transpose2d(
    x: number,
    weight: number,
    bias: number,
    stride: number,
    padding: number,
    outputPadding: number,
    groups: number,
    dilation: number,
  ): number;
  op_max_pool2d(
    x: number,
    kernelSize: number,
    stride: number,
    padding: number,
    dilation: number,
    ceilMode: number,
  ): number;
  op_avg_pool2d(
    x: number,
    kernelSize: number,
    stride: number,
    padding: number,
    ceilMode: number,
    countIncludePad: number,
  ): number;
  op_max_pool1d(
    x: number,
    kernelSize: number,
    stride: number,
    padding: number,
    dilation: number,
    ceilMode: number,
  ): number;
  op_avg_pool1d(
    x: number,
    kernelSize: number,
    stride: number,
    padding: number,
    ceilMode: number,
    countIncludePad: number,
  ): number;
  op_adaptive_avg_pool1d(x: number, outputSize: number): number;
  op_adaptive_avg_pool2d(x: number, outputSize: number): number;
  op_adaptive_max_pool1d(x: number, outputSize: number): number;
  op_adaptive_max_pool2d(x: number, outputSize: number): number;
  op_unfold(x: number, kernelSize: number, dilation: number, padding: number, stride: number): number;
  op_im2col(x: number, kernelSize: number, dilation: number, padding: number, stride: number): number;
  op_fold(
    x: number,
    outputSize: number,
    kernelSize: number,
    dilation: number,
    padding: number,
    stride: number,
  ): number;
  op_col2im(
    x: number,
    outputSize: number,
    kernelSize: number,
    dilation: number,
    padding: number,
    stride: number,
  ): number;
  op_interpolate(
    x: number,
    size: number,
    scaleFactor: number,
    scaleFactor2: number,
    mode: number,
    alignCorners: number,
  ): number;
  op_layer_norm(x: number, normalizedShape: number, weight: number, bias: number, eps: number): number;
  op_batch_norm(
    x: number,
    runningMean: number,
    runningVar: number,
    weight: number,
    bias: number,
    training: number,
    momentum: number,
    eps: number,
  ): number;
  op_group_norm(x: number, numGroups: number, weight: number, bias: number, eps: number): number;
  op_instance_norm(
    x: number,
    runningMean: number,
    runningVar: number,
    weight: number,
    bias: number,
    useInputStats: number,
    momentum: number,
    eps: number,
  ): number;
  op_rms_norm(x: number, normalizedShape: number, weight: number, eps: number, eps2: number): number;
  op_normalize(x: number, p: number, dim: number, eps: number): number;
  op_dropout2d(x: number, p: number, training: number): number;
  op_dropout(x: number, p: number, training: number): number;
  op_mse_loss(input: number, target: number, reduction: number): number;
  op_l1_loss(input: number, target: number, reduction: number): number;
  op_smooth_l1_loss(input: number, target: number, reduction: number, beta: number): number;
  op_huber_loss(input: number, target: number, reduction: number, delta: number): number;
  op_kl_div(input: number, target: number, reduction: number, logTarget: number): number;
  op_cosine_similarity(x1: number, x2: number, dim: number, eps: number): number;
  op_cosine_embedding_loss(x1: number, x2: number, target: number, margin: number, reduction: number): number;
  op_triplet_margin_loss(
    anchor: number,
    positive: number,
    negative: number,
    margin: number,
    p: number,
    eps: number,
    swap: number,
    reduction: number,
  ): number;
  op_cross_entropy(
    input: number,
    target: number,
    weight: number,
    ignoreIndex: number,
    reduction: number,
    labelSmoothing: number,
  ): number;
  op_nll_loss(input: number, target: number, weight: number, ignoreIndex: number, reduction: number): number;
  op_binary_cross_entropy(input: number, target: number, weight: number, reduction: number): number;
  op_binary_cross_entropy_with_logits(
    input: number,
    target: number,
    weight: number,
    posWeight: number,
    reduction: number,
  ): number;
  op_zeros(shape: number, dtype: number): number;
  op_ones(shape: number, dtype: number): number;
  op_full(shape: number, value: number, dtype: number): number;
  op_eye(n: number, m: number, m2: number, dtype: number): number;
  op_arange(start: number, end: number, step: number, dtype: number): number;
  op_linspace(start: number, end: number, steps: number, dtype: number): number;
  op_rand(shape: number, dtype: number): number;
  op_randn(shape: number, dtype: number): number;
  op_randint(low: number, high: number, shape: number, dtype: number): number;
  op_randperm(n: number): number;
  op_bernoulli(shape: number, p: number, dtype: number): number;
  op_zeros_like(x: number, dtype: number): number;
  op_ones_like(x: number, dtype: number): number;
  op_full_like(x: number, value: number, dtype: number): number;
  op_rand_like(x: number, dtype: number): number;
  op_randn_like(x: number, dtype: number): number;
  op_multinomial(x: number, numSamples: number, replacement: number): number;
  optim_SGD(
    params: number,
    lr: number,
    momentum: number,
    dampening: number,
    weightDecay: number,
    nesterov: number,
    maximize: number,
  ): number;
  optim_Adam(
    params: number,
    lr: number,
    betas: number,
    eps: number,
    weightDecay: number,
    amsgrad: number,
    maximize: number,
  ): number;
  optim_AdamW(
    params: number,
    lr: number,
    betas: number,
    eps: number,
    weightDecay: number,
    amsgrad: number,
    maximize: number,
  ): number;
  optim_RMSprop(
    params: number,
    lr: number,
    alpha: number,
    eps: number,
    weightDecay: number,
    momentum: number,
    centered: number,
    maximize: number,
  ): number;
  optim_Adagrad(
    params: number,
    lr: number,
    lrDecay: number,
    weightDecay: number,
    initialAccumulatorValue: number,
    eps: number,
    maximize: number,
  ): number;
  optim_Adadelta(
    params: number,
    lr: number,
    rho: number,
    eps: number,
    weightDecay: number,
    maximize: number,
  ): number;
  optim_NAdam(
    params: number,
    lr: number,
    betas: number,
    eps: number,
    weightDecay: number,
    momentumDecay: number,
  ): number;
  optim_RAdam(params: number, lr: number, betas: number, eps: number, weightDecay: number): number;
  optim_Lion(params: number, lr: number, betas: number, weightDecay: number): number;
  optim_Muon(
    params: number,
    lr: number,
    weightDecay: number,
    momentum: number,
    nesterov: number,
    eps: number,
    nsSteps: number,
  ): number;
}
