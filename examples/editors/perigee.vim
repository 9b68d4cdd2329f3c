" SPDX-FileCopyrightText: 2026 The Perigee developers
" SPDX-License-Identifier: GPL-3.0-or-later
"
" Ctrl-E in a Lua file sends the paragraph around the cursor, or the selection, to the patch that plays.

function! PerigeeSend(from, to) abort
  silent update
  let file = shellescape(expand('%:p') . ':' . a:from . '-' . a:to)
  echo trim(system('perigee send ' . get(g:, 'perigee_options', '') . ' ' . file))
endfunction

command! -range PerigeeSend call PerigeeSend(<line1>, <line2>)
autocmd FileType lua nnoremap <buffer> <C-E> vip:PerigeeSend<CR>
autocmd FileType lua vnoremap <buffer> <C-E> :PerigeeSend<CR>
