#pragma once
// Every module.

#include "fluxion/nn/activation.h"
#include "fluxion/nn/attention.h"
#include "fluxion/nn/container.h"
#include "fluxion/nn/conv.h"
#include "fluxion/nn/decoder.h"
#include "fluxion/nn/embedding.h"
#include "fluxion/nn/encoder_decoder.h"
#include "fluxion/nn/linear.h"
#include "fluxion/nn/llama.h"
#include "fluxion/nn/loss.h"
#include "fluxion/nn/models.h"
#include "fluxion/nn/norm.h"
#include "fluxion/nn/pool.h"
#include "fluxion/nn/recurrent.h"
#include "fluxion/nn/transformer.h"
